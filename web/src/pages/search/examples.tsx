// What can be searched for.
import { Content } from '@patternfly/react-core';
import { Facts } from '../../parts/facts.tsx';

const KINDS = [
  { term: 'Repository', value: 'a name, or where a part of it begins', examples: ['quay.io/acme/app', 'nginx'] },
  { term: 'Image', value: 'a digest, or its first digits', examples: ['sha256:4f53cda1', '4f53cda1'] },
  { term: 'Tag', value: 'that somebody signed', examples: ['app:v1.2', 'v1.2'] },
  { term: 'Key', value: 'a fingerprint or key id', examples: ['9CF4 D035 7030 4E55', 'B070BEAD53A1C2D0'] },
  { term: 'Signer', value: 'a part of a name or user id', examples: ['release@acme.example'] },
  { term: 'Token', value: 'a part of a name or id', examples: ['acme ci'] },
];

export function Examples() {
  return (
    <>
      <Content component="p">One box for everything that has a name:</Content>
      <Facts
        label="What can be searched for"
        facts={KINDS.map(({ term, value, examples }) => ({
          term,
          value: (
            <>
              {value}, such as{' '}
              {examples.map((example, index) => (
                <span key={example}>
                  {index === 0 ? '' : ' or '}
                  <code>{example}</code>
                </span>
              ))}
            </>
          ),
        }))}
      />
    </>
  );
}

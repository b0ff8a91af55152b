// What `deploy/` holds, as values: YAML files, and the resources that a kustomization lists.
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse, parseAllDocuments } from 'yaml';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

export const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');

// biome-ignore lint/suspicious/noExplicitAny: documents of many shapes, each looked into by the test that knows it
export type Tree = any;

export const yaml = (file: string): Tree => parse(read(file));

export type Resource = { readonly file: string; readonly kind: string; readonly name: string; readonly body: Tree };

/** Of one kustomization, and of those it names. */
export function resourcesOf(folder: string): Resource[] {
  const { resources = [], components = [] } = yaml(join(folder, 'kustomization.yaml')) as Tree;
  return [...resources, ...components].flatMap((entry: string) => {
    const path = relative(ROOT, join(ROOT, folder, entry));
    return path.endsWith('.yaml') ? documents(path) : resourcesOf(path);
  });
}

function documents(file: string): Resource[] {
  return parseAllDocuments(read(file)).map((document) => {
    if (document.errors.length > 0) throw new Error(`${file}: ${document.errors[0]?.message}`);
    const body = document.toJS() as Tree;
    return { file, kind: body.kind, name: body.metadata?.name, body };
  });
}

/** Every resource of Kubernetes in `deploy/`. */
export const KUBERNETES = ['base', 'ingress', 'monitoring', 'backup', 'openshift'].flatMap((folder) =>
  resourcesOf(join('deploy/kubernetes', folder)),
);

export function resource(kind: string, name = 'lookaside'): Tree {
  const found = KUBERNETES.filter((entry) => entry.kind === kind && entry.name === name);
  if (found.length !== 1) throw new Error(`${found.length} resources ${kind}/${name}`);
  return found[0]?.body;
}

// The search field of the masthead: Enter leads to the search page.
import { SearchInput } from '@patternfly/react-core';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { searchPath } from '../parts/paths.ts';

export function GlobalSearch() {
  const [text, setText] = useState('');
  const navigate = useNavigate();
  const search = () => {
    const wanted = text.trim();
    if (wanted === '') return;
    setText('');
    void navigate(searchPath(wanted));
  };
  return (
    <search className="lks-global-search">
      <SearchInput
        aria-label="Search the store"
        placeholder="Repository, digest, key, signer, token"
        value={text}
        onChange={(_event, value) => setText(value)}
        onClear={() => setText('')}
        onSearch={search}
        submitSearchButtonLabel="Search"
        resetButtonLabel="Clear"
      />
    </search>
  );
}

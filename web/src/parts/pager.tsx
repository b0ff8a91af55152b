// From page to page of a list that is read with cursors. Nothing when there is only one page.
import { Button, Flex, FlexItem } from '@patternfly/react-core';
import { AngleDoubleLeftIcon, AngleLeftIcon, AngleRightIcon } from '@patternfly/react-icons';
import type { Cursor } from './use-cursor.ts';

type PagerProps = { readonly cursor: Cursor; readonly next: string | null | undefined; readonly label: string };

/** `aria-disabled`, so that the focus stays on the button that has just led to the last page. */
export function Pager({ cursor: { cursor, number, goOn, goBack, goFirst }, next, label }: PagerProps) {
  const hasNext = next !== null && next !== undefined;
  if (cursor === undefined && !hasNext) return null;
  return (
    <nav aria-label={`Pages of ${label}`} className="lks-pager">
      <Flex justifyContent={{ default: 'justifyContentFlexEnd' }} alignItems={{ default: 'alignItemsCenter' }}>
        <Button
          variant="plain"
          aria-label="First page"
          icon={<AngleDoubleLeftIcon />}
          isAriaDisabled={cursor === undefined}
          onClick={goFirst}
        />
        <Button
          variant="plain"
          aria-label="Previous page"
          icon={<AngleLeftIcon />}
          isAriaDisabled={goBack === undefined}
          onClick={() => goBack?.()}
        />
        <FlexItem aria-live="polite">{number === null ? 'Further page' : `Page ${number}`}</FlexItem>
        <Button
          variant="plain"
          aria-label="Next page"
          icon={<AngleRightIcon />}
          isAriaDisabled={!hasNext}
          onClick={() => hasNext && goOn(next)}
        />
      </Flex>
    </nav>
  );
}

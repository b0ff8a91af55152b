// What is seen before the first page is there, most often for less than a blink.
import { Bullseye, Spinner } from '@patternfly/react-core';

export function Starting() {
  return (
    <Bullseye className="lks-starting">
      <Spinner aria-label="Loading" />
    </Bullseye>
  );
}

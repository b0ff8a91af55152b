// A thin line at the top while the code of the next page is on its way.
import { useNavigation } from 'react-router';

export function Progress() {
  const { state } = useNavigation();
  return state === 'idle' ? null : <div className="lks-progress" role="progressbar" aria-label="Loading the page" />;
}

// To the clipboard, also where the browser grants no clipboard: over plain HTTP on an internal network.

/** True when it is there. `near` must be inside an open dialog, if there is one, for the focus to be allowed in. */
export async function copyText(text: string, near: HTMLElement): Promise<boolean> {
  if (window.isSecureContext) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // Forbidden by the browser's settings: the old way may still work.
    }
  }
  const field = document.createElement('textarea');
  field.value = text;
  field.className = 'pf-v6-screen-reader';
  field.setAttribute('aria-hidden', 'true');
  near.append(field);
  field.select();
  const done = document.execCommand('copy');
  field.remove();
  return done;
}

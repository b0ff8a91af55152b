// What people paste into the search box, as the API looks for it.

export const MAX_QUESTION = 300; // LIMITS of the server

/** A pull reference or an address of the store names a digest more precisely than all that stands before it. */
export function readQuestion(text: string | undefined): string {
  const typed = (text ?? '').trim().slice(0, MAX_QUESTION);
  const [, digest] = /@(sha256[:=][0-9a-f]{2,64})(?:\/signature-\d*)?$/i.exec(typed) ?? [];
  return digest ?? typed.replace(/^(?:docker|https?):\/\//, '');
}

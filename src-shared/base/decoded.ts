/** What stands percent-encoded in an address; `undefined` where it cannot be read (`%zz`). */
export function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

/** What the server answers to a form that it understood and does not keep. */

export const TOO_LONG = 413;
/** Its disk is full; the answer is a sentence. */
export const NOT_KEPT = 507;

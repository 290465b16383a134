/** The version of this package, as its user agent names it. */
export const VERSION: string = "0.1.0";

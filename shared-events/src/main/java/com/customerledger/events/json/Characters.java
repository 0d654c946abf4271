package com.customerledger.events.json;

/** Which characters a customer's texts may have. */
public final class Characters {

    private Characters() {}

    /**
     * Whether a text has no control character other than newline and tab, no NUL and no unpaired surrogate. DEL and
     * the C1 controls (U+0080 to U+009F) are control characters too, as Unicode's general category Cc has it.
     */
    public static boolean allowed(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x20 ? c != '\n' && c != '\t' : c >= 0x7F && c <= 0x9F) {
                return false;
            }
            if (Character.isSurrogate(c)) {
                boolean paired = Character.isHighSurrogate(c)
                        && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1));
                if (!paired) {
                    return false;
                }
                i++;
            }
        }
        return true;
    }
}

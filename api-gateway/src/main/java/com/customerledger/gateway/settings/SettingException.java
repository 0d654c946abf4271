package com.customerledger.gateway.settings;

/** A setting is one that the ledger can't be started with. The message, for people, names the setting and what it takes. */
public final class SettingException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public SettingException(String message) {
        super(message);
    }
}

package com.customerledger.gateway.operator;

import com.customerledger.gateway.settings.DataDirectory;
import com.customerledger.gateway.settings.SettingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.AuthorityUtils;

/**
 * The one name and password of the operators' port, made at the first start and kept in the data directory. Only their
 * hash stays in memory, and it is compared in constant time. Thread-safe.
 */
final class OperatorCredentials implements AuthenticationProvider {

    private static final String NAME = "operator";
    private static final int PASSWORD_BYTES = 24;

    private final byte[] sha256;

    private OperatorCredentials(String both) {
        this.sha256 = sha256(both);
    }

    /**
     * Those in the data directory, which are made where there are none.
     *
     * @throws SettingException when the file holds something else
     */
    static OperatorCredentials in(DataDirectory directory) {
        String both = directory.read(DataDirectory.OPERATOR_CREDENTIALS).orElseGet(() -> {
            byte[] password = new byte[PASSWORD_BYTES];
            new SecureRandom().nextBytes(password);
            String made = NAME + ":" + Base64.getUrlEncoder().withoutPadding().encodeToString(password);
            directory.write(DataDirectory.OPERATOR_CREDENTIALS, made);
            return made;
        });
        if (!both.matches("[^:\\s]+:\\S+")) {
            throw new SettingException(directory.file(DataDirectory.OPERATOR_CREDENTIALS)
                    + " does not hold name:password on one line; remove it to have new ones made");
        }
        return new OperatorCredentials(both);
    }

    @Override
    public Authentication authenticate(Authentication asked) {
        String both = asked.getName() + ":" + asked.getCredentials();
        if (!MessageDigest.isEqual(sha256, sha256(both))) {
            throw new BadCredentialsException("not the operators' name and password");
        }
        return UsernamePasswordAuthenticationToken.authenticated(
                asked.getName(), null, AuthorityUtils.createAuthorityList("OPERATOR"));
    }

    @Override
    public boolean supports(Class<?> kind) {
        return UsernamePasswordAuthenticationToken.class.isAssignableFrom(kind);
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}

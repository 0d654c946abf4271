package com.customerledger.query.seal.log;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A name and the Ed25519 public key that verifies what is signed in it (c2sp.org/signed-note). Thread-safe. */
public final class VerifierKey {

    /** Length in bytes of a public key as RFC 8032 writes it. */
    public static final int LENGTH = 32;

    static final String ALGORITHM = "Ed25519";

    private static final byte ED25519 = 1;
    private static final int SIGNATURE_BYTES = 64;
    private static final Pattern TEXT = Pattern.compile("(?<name>[^+]+)\\+(?<id>[0-9a-f]{8})\\+(?<key>\\S+)");

    // SubjectPublicKeyInfo of every Ed25519 key (RFC 8410, section 4): the algorithm, then the key's 32 bytes.
    private static final byte[] SPKI_BEGIN = HexFormat.of().parseHex("302a300506032b6570032100");
    private static final String PEM_LABEL = "PUBLIC KEY";

    private final String name;
    private final byte[] bytes;
    private final int id;
    private final PublicKey key;

    private VerifierKey(String name, byte[] bytes) throws MalformedException {
        if (!isName(name)) {
            throw new MalformedException("a key's name is empty or has spaces, controls or a plus");
        }
        this.name = name;
        this.bytes = bytes;
        this.id = id(name, bytes);
        this.key = key(bytes);
    }

    /**
     * A key with that name.
     *
     * @param bytes the public key as RFC 8032 writes it
     * @throws MalformedException when the name is no key's name or the bytes are no public key
     */
    public static VerifierKey of(String name, byte[] bytes) throws MalformedException {
        return new VerifierKey(name, bytes.clone());
    }

    /** Reads a key's text, {@code name+id+key}. */
    public static VerifierKey parse(String text) throws MalformedException {
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches()) {
            throw new MalformedException("a key's text is name+id+key");
        }
        byte[] typed = Base64Text.read(parts.group("key"), "the key");
        if (typed.length != 1 + LENGTH || typed[0] != ED25519) {
            throw new MalformedException("the key is not an Ed25519 key");
        }
        VerifierKey key = new VerifierKey(parts.group("name"), Arrays.copyOfRange(typed, 1, typed.length));
        if (!HexFormat.of().toHexDigits(key.id).equals(parts.group("id"))) {
            throw new MalformedException("the key's id is not that of its name and key");
        }
        return key;
    }

    /** Reads a public key's PEM text (RFC 7468, section 13) and gives it a name, which PEM does not have. */
    public static VerifierKey ofPem(String name, String pem) throws MalformedException {
        byte[] spki = Pem.read(PEM_LABEL, pem);
        if (spki.length != SPKI_BEGIN.length + LENGTH
                || !Arrays.equals(spki, 0, SPKI_BEGIN.length, SPKI_BEGIN, 0, SPKI_BEGIN.length)) {
            throw new MalformedException("the key is not an Ed25519 public key");
        }
        return new VerifierKey(name, Arrays.copyOfRange(spki, SPKI_BEGIN.length, spki.length));
    }

    /** Whether a key may be named so: not empty, and without Unicode spaces, control characters and plus. */
    public static boolean isName(String name) {
        return !name.isEmpty()
                && StandardCharsets.UTF_8.newEncoder().canEncode(name)
                && name.codePoints().noneMatch(character -> character == '+' || isSpace(character));
    }

    private static boolean isSpace(int character) {
        // NEL and the control characters are white space in Unicode's eyes, not in both of Java's.
        return Character.isSpaceChar(character)
                || Character.isWhitespace(character)
                || Character.isISOControl(character);
    }

    private static int id(String name, byte[] bytes) {
        MessageDigest sha256 = TreeHash.sha256();
        sha256.update(name.getBytes(StandardCharsets.UTF_8));
        sha256.update((byte) '\n');
        sha256.update(ED25519);
        return ByteBuffer.wrap(sha256.digest(bytes)).getInt();
    }

    private static PublicKey key(byte[] bytes) throws MalformedException {
        if (bytes.length != LENGTH) {
            throw new MalformedException("a public key has 32 bytes");
        }
        try {
            PublicKey key = KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(spki(bytes)));
            // Only this asks whether the bytes are a point of the curve.
            signature().initVerify(key);
            return key;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        } catch (GeneralSecurityException e) {
            throw new MalformedException("the key is not a point of the curve", e);
        }
    }

    private static byte[] spki(byte[] bytes) {
        byte[] spki = Arrays.copyOf(SPKI_BEGIN, SPKI_BEGIN.length + LENGTH);
        System.arraycopy(bytes, 0, spki, SPKI_BEGIN.length, LENGTH);
        return spki;
    }

    static Signature signature() {
        try {
            return Signature.getInstance(ALGORITHM);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform since 15 has Ed25519", e);
        }
    }

    /** Its name; a log's key is named like the log. */
    public String name() {
        return name;
    }

    /** Four bytes of a hash of name and key, which a signature begins with. */
    public int id() {
        return id;
    }

    /** The public key as RFC 8032 writes it. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** Its text, {@code name+id+key}. */
    public String text() {
        byte[] typed = ByteBuffer.allocate(1 + LENGTH).put(ED25519).put(bytes).array();
        return name + "+" + HexFormat.of().toHexDigits(id) + "+" + Base64Text.of(typed);
    }

    /** The public key as PEM text. */
    public String pem() {
        return Pem.write(PEM_LABEL, spki(bytes));
    }

    /** Whether its private key made that signature of that message. */
    public boolean verifies(byte[] message, byte[] signature) {
        if (signature.length != SIGNATURE_BYTES) {
            return false;
        }
        try {
            Signature verification = signature();
            verification.initVerify(key);
            verification.update(message);
            return verification.verify(signature);
        } catch (SignatureException e) {
            // Bytes that are not even the form of a signature.
            return false;
        } catch (InvalidKeyException e) {
            throw new IllegalStateException("the key was accepted before", e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof VerifierKey that && that.name.equals(name) && Arrays.equals(that.bytes, bytes);
    }

    @Override
    public int hashCode() {
        return id;
    }

    @Override
    public String toString() {
        return text();
    }
}

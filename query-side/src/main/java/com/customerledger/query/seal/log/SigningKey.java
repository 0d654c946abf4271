package com.customerledger.query.seal.log;

import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;

/** An Ed25519 private key and the name that it signs notes in. Thread-safe. */
public final class SigningKey {

    private static final String PEM_LABEL = "PRIVATE KEY";
    private static final byte[] PROBE = {1, 2, 3};

    private final PrivateKey key;
    private final VerifierKey verifierKey;

    private SigningKey(String name, PrivateKey key) throws MalformedException {
        this.key = key;
        this.verifierKey = VerifierKey.of(name, publicBytes(key));
        if (!verifierKey.verifies(PROBE, sign(PROBE))) {
            throw new IllegalStateException("the public key does not belong to the private key");
        }
    }

    /**
     * A new key.
     *
     * @throws MalformedException when the name is no key's name
     */
    public static SigningKey generate(String name) throws MalformedException {
        return new SigningKey(
                name, generator(new SecureRandom()).generateKeyPair().getPrivate());
    }

    /** Reads a private key's PEM text (PKCS #8, RFC 8410) and gives it a name, which PEM does not have. */
    public static SigningKey ofPem(String name, String pem) throws MalformedException {
        PrivateKey key;
        try {
            key = KeyFactory.getInstance(VerifierKey.ALGORITHM)
                    .generatePrivate(new PKCS8EncodedKeySpec(Pem.read(PEM_LABEL, pem)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        } catch (GeneralSecurityException e) {
            throw new MalformedException("not an Ed25519 private key", e);
        }
        return new SigningKey(name, key);
    }

    /** Java has no way from a private key to its public key but this: to make the pair again from the same seed. */
    private static byte[] publicBytes(PrivateKey key) {
        byte[] seed = ((EdECPrivateKey) key)
                .getBytes()
                .orElseThrow(() -> new IllegalStateException("the private key can't be read"));
        PublicKey publicKey = generator(new Seed(seed)).generateKeyPair().getPublic();
        byte[] spki = publicKey.getEncoded();
        return Arrays.copyOfRange(spki, spki.length - VerifierKey.LENGTH, spki.length);
    }

    private static KeyPairGenerator generator(SecureRandom random) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(VerifierKey.ALGORITHM);
            generator.initialize(NamedParameterSpec.ED25519, random);
            return generator;
        } catch (NoSuchAlgorithmException | InvalidAlgorithmParameterException e) {
            throw new IllegalStateException("every Java platform since 15 has Ed25519", e);
        }
    }

    /** What signs in whose name, for those who verify. */
    public VerifierKey verifierKey() {
        return verifierKey;
    }

    /** The private key as PEM text: a secret. */
    public String pem() {
        return Pem.write(PEM_LABEL, key.getEncoded());
    }

    byte[] sign(byte[] message) {
        try {
            Signature signature = VerifierKey.signature();
            signature.initSign(key);
            signature.update(message);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the key was accepted before", e);
        }
    }

    /** The public half: the private one is not shown. */
    @Override
    public String toString() {
        return verifierKey.toString();
    }

    /** A source of one seed, to make a known key again. */
    private static final class Seed extends SecureRandom {

        private static final long serialVersionUID = 1L;

        private final byte[] seed;

        Seed(byte[] seed) {
            this.seed = seed;
        }

        @Override
        public void nextBytes(byte[] bytes) {
            if (bytes.length != seed.length) {
                throw new IllegalStateException("a seed of another length");
            }
            System.arraycopy(seed, 0, bytes, 0, bytes.length);
        }
    }
}

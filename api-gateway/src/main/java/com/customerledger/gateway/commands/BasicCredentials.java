package com.customerledger.gateway.commands;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

/** A merchant's API key and its secret. Its text form tells neither. */
record BasicCredentials(String key, String secret) {

    /**
     * Reads a file that holds {@code api_key:api_secret} on its first line.
     *
     * @throws IOException when it can't be read or holds something else
     */
    static BasicCredentials read(Path file) throws IOException {
        String line = Files.readString(file).lines().findFirst().orElse("").strip();
        int colon = line.indexOf(':');
        if (colon <= 0 || colon == line.length() - 1) {
            throw new IOException(file + " does not hold api_key:api_secret");
        }
        return new BasicCredentials(line.substring(0, colon), line.substring(colon + 1));
    }

    String basic() {
        return "Basic " + Base64.getEncoder().encodeToString((key + ":" + secret).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return "BasicCredentials[hidden]";
    }
}

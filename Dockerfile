# syntax=docker/dockerfile:1
FROM maven:3.9-eclipse-temurin-25 AS build
WORKDIR /source
COPY . .
ENV MAVEN_OPTS=-Dmaven.repo.local=/maven
RUN --mount=type=cache,target=/maven cp -R "$(./ledger build)" /application && \
    # Remembers where the build lay, and is of no use elsewhere.
    rm -f /application/start-*

FROM eclipse-temurin:25-jre
RUN useradd --system --uid 10001 --create-home --home-dir /var/lib/ledger --shell /usr/sbin/nologin ledger
COPY --from=build /application /opt/ledger
USER 10001
WORKDIR /var/lib/ledger
# A container is reached from outside of it only; who may reach it is for the network around it to say.
ENV LANG=C.UTF-8 \
    LEDGER_BIND=0.0.0.0 \
    LEDGER_DATA_DIR=/var/lib/ledger/data
EXPOSE 8080
# The image has bash, and need not have curl. Starting includes migrations of the schema.
HEALTHCHECK --interval=5s --timeout=3s --start-period=60s --retries=3 CMD ["bash", "-c", \
    "exec 3<>/dev/tcp/127.0.0.1/${LEDGER_PORT:-8080} && printf 'GET /actuator/health HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' >&3 && grep -q '\"UP\"' <&3"]
# JAVA_TOOL_OPTIONS adds to these options and LEDGER_… are the settings, as everywhere.
ENTRYPOINT ["java", "-Daxon.update-check.disabled=true", "-XX:MaxRAMPercentage=60", "-XX:+ExitOnOutOfMemoryError", "-jar", "/opt/ledger/ledger.jar"]
CMD ["serve"]

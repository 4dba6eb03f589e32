#include "integrations/sqlite/log_writer.hpp"

#include <string>

#include "integrations/sqlite/codec.hpp"
#include "integrations/sqlite/sha256.hpp"

namespace fristvakt::integrations {

using workflows::LogEntry;

void LogWriter::append(std::span<const LogEntry> entries) {
    LogHead head = read_head(connection_);
    projections_.begin();
    for (const LogEntry& entry : entries) {
        append(entry, head);
        projections_.fold(entry.change);
    }
    projections_.finish();
}

void LogWriter::append(const LogEntry& entry, LogHead& head) {
    std::string aside;
    std::string aside_sha256;
    if (!entry.aside.empty()) {
        aside = encode_aside(entry.aside, random_nonce());
        aside_sha256 = to_hex(sha256(aside));
    }
    ++head.sequence;
    const LogColumns columns{head.sequence, entry.at, entry.kind, entry.case_id};
    const std::string payload = encode_payload(entry, aside_sha256, projections_);
    head.hash = as_bytes(sha256(head.hash, chained_bytes(columns, payload)));
    connection_
        .query(
            "INSERT INTO log(sequence, at, kind, case_id, payload, aside, hash) "
            "VALUES(?, ?, ?, ?, ?, ?, ?)")
        .bind(head.sequence)
        .bind(entry.at)
        .bind(entry.kind)
        .bind_or_null(entry.case_id)
        .bind(payload)
        .bind_or_null(aside)
        .bind_blob(head.hash)
        .run();
}

}  // namespace fristvakt::integrations

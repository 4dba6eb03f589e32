#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "workflows/ports.hpp"

/// What is stored, as bytes: JSON with short keys that holds only what differs from a value known
/// to writer and reader alike (the base). A new case differs from what its id says, a changed one
/// from how it stood before. Stored: keys, their order and their meaning are never changed; a new
/// field gets a new key that older rows lack.
namespace fristvakt::integrations {

/// Version of the payloads in the log. An entry stays as it was written for ever, so a program
/// reads every version up to this one. Written only from version 2 on.
inline constexpr int kPayloadVersion = 1;

/// The bases of what did not exist before.
[[nodiscard]] workflows::Case new_case(std::string_view id);
[[nodiscard]] workflows::Message new_message(std::int64_t number);
[[nodiscard]] workflows::Reminder new_reminder(const workflows::Reminder& key);
[[nodiscard]] workflows::Invitation new_invitation(const workflows::Invitation& key);

/// `value` against `base`; "{}" when equal.
[[nodiscard]] std::string encode(const workflows::Case& value, const workflows::Case& base);
[[nodiscard]] std::string encode(const workflows::Reminder& value, const workflows::Reminder& base);
[[nodiscard]] std::string encode(const workflows::Invitation& value,
                                 const workflows::Invitation& base);
[[nodiscard]] std::string encode(const workflows::Message& value, const workflows::Message& base);
[[nodiscard]] std::string encode(const workflows::Ledger& value, const workflows::Ledger& base);

/// The value that was encoded against `base`. InvalidInput: not what `encode` writes, or an unknown
/// field, which a newer program wrote.
[[nodiscard]] workflows::Result<workflows::Case> decode(std::string_view text,
                                                        workflows::Case base);
[[nodiscard]] workflows::Result<workflows::Reminder> decode(std::string_view text,
                                                            workflows::Reminder base);
[[nodiscard]] workflows::Result<workflows::Invitation> decode(std::string_view text,
                                                              workflows::Invitation base);
[[nodiscard]] workflows::Result<workflows::Message> decode(std::string_view text,
                                                           workflows::Message base);
[[nodiscard]] workflows::Result<workflows::Ledger> decode(std::string_view text,
                                                          workflows::Ledger base);

/// How things stood before an entry of the log; what does not exist yet is the base of a new one.
class Before {
 public:
    virtual ~Before() = default;
    // What these return lives until the next call.
    [[nodiscard]] virtual const workflows::Case& case_before(const std::string& id) = 0;
    [[nodiscard]] virtual const workflows::Reminder& reminder_before(
        const workflows::Reminder& key) = 0;
    [[nodiscard]] virtual const workflows::Invitation& invitation_before(
        const workflows::Invitation& key) = 0;
    [[nodiscard]] virtual const workflows::Message& message_before(std::int64_t number) = 0;
    [[nodiscard]] virtual const workflows::Ledger& ledger_before() = 0;
};

/// Columns of the log beside the payload.
struct LogColumns {
    std::int64_t sequence{0};
    workflows::Instant at{};
    std::string kind;
    std::string case_id;
};

/// Everything of an entry but its columns and its aside, of which the SHA-256 is given (hex; empty
/// when there is none). Ids of persons only: what identifies them stands elsewhere.
[[nodiscard]] std::string encode_payload(const workflows::LogEntry& entry,
                                         std::string_view aside_sha256, Before& before);

struct Payload {
    workflows::LogEntry entry;  ///< Without aside.
    std::string aside_sha256;
};
/// InvalidInput: as `decode`, or of a later version; says so. With `before` null the changes are
/// left out (and not looked at).
[[nodiscard]] workflows::Result<Payload> decode_payload(std::string_view text,
                                                        const LogColumns& columns, Before* before);

/// The bytes that the chain hashes after the hash of the entry before.
[[nodiscard]] std::string chained_bytes(const LogColumns& columns, std::string_view payload);

/// With a nonce, so that its SHA-256 in the chain does not confirm a guess once it is erased.
[[nodiscard]] std::string encode_aside(const std::map<std::string, std::string>& aside,
                                       std::string_view nonce);
[[nodiscard]] workflows::Result<std::map<std::string, std::string>> decode_aside(
    std::string_view text);

}  // namespace fristvakt::integrations

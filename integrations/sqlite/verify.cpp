#include <algorithm>
#include <charconv>
#include <system_error>
#include <utility>

#include <sqlite3.h>

#include "integrations/sqlite/body.hpp"
#include "integrations/sqlite/codec.hpp"
#include "integrations/sqlite/compare.hpp"
#include "integrations/sqlite/connection.hpp"
#include "integrations/sqlite/files.hpp"
#include "integrations/sqlite/maintenance.hpp"
#include "integrations/sqlite/projections.hpp"
#include "integrations/sqlite/schema.hpp"
#include "integrations/sqlite/sha256.hpp"

namespace fristvakt::integrations {

using workflows::Books;
using workflows::Error;
using workflows::ErrorKind;
using workflows::Result;

namespace {

/// Of one kind; more would only hide the first.
constexpr std::size_t kProblemsMax = 10;

struct KnownHead {
    std::int64_t sequence{0};
    std::string hash;  ///< Hexadecimal.
};

Result<KnownHead> parse_head(const std::string& text) {
    KnownHead head;
    const char* const end = text.data() + text.size();
    const auto [colon, error] = std::from_chars(text.data(), end, head.sequence);
    if (error != std::errc{} || colon == end || *colon != ':' || head.sequence < 0) {
        return Error{ErrorKind::InvalidInput, "\"" + text +
                                                  "\" is no head; give SEQUENCE:HASH as it was "
                                                  "printed"};
    }
    head.hash.assign(colon + 1, end);
    return head;
}

std::string hex_of(std::string_view hash) {
    Sha256 bytes{};
    if (hash.size() != bytes.size()) {
        return "";
    }
    std::copy(hash.begin(), hash.end(), bytes.begin());
    return to_hex(bytes);
}

/// One walk through a database, at one moment.
class Verifier {
 public:
    Verifier(Connection& connection, std::optional<KnownHead> head)
        : connection_(connection), head_(std::move(head)) {}

    VerifyReport run() {
        try {
            create_projections(folded_);
            check_file();
            check_log();
            if (foldable_) {
                for (std::string& difference :
                     projection_differences(connection_, folded_, kProblemsMax)) {
                    report_.problems.push_back(std::move(difference));
                }
                check_books();
            }
            check_bodies();
        } catch (const SQLite::Exception& exception) {
            if ((exception.getErrorCode() & 0xFF) != SQLITE_CORRUPT) {
                throw;
            }
            report_.problems.push_back(std::string("the file is damaged: ") + exception.what());
        }
        return std::move(report_);
    }

 private:
    void check_file() {
        Query rows = connection_.query("PRAGMA integrity_check(10)");
        while (rows.step()) {
            if (rows.bytes(0) != "ok") {
                report_.problems.push_back("SQLite says: " + rows.text(0));
            }
        }
    }

    void check_log() {
        Projections projections(folded_);
        projections.begin();
        Query rows = connection_.query(
            "SELECT sequence, at, kind, case_id, payload, aside, hash FROM log ORDER BY sequence");
        std::string before;
        while (rows.step()) {
            const LogColumns columns{rows.integer(0), rows.instant(1), rows.text(2), rows.text(3)};
            check_link(columns, rows, before);
            check_payload(columns, rows, projections);
            before = rows.bytes(6);
            ++report_.entries;
            if (head_ && head_->sequence == columns.sequence && head_->hash != hex_of(before)) {
                report_.problems.push_back("entry " + std::to_string(columns.sequence) +
                                           " of the log: is not the one of the given head");
            }
        }
        projections.finish();
        report_.head = std::to_string(report_.entries) + ":" + hex_of(before);
        if (head_ && head_->sequence > report_.entries) {
            report_.problems.push_back("the log ends at entry " + std::to_string(report_.entries) +
                                       ", and entry " + std::to_string(head_->sequence) +
                                       " was once written: the end has been cut off");
        }
    }

    void check_link(const LogColumns& columns, const Query& row, const std::string& before) {
        if (links_broken_ >= kProblemsMax) {
            return;
        }
        const std::string name = "entry " + std::to_string(columns.sequence) + " of the log: ";
        if (columns.sequence != report_.entries + 1) {
            report_.problems.push_back("entry " + std::to_string(report_.entries + 1) +
                                       " of the log: is missing");
            ++links_broken_;
        } else if (as_bytes(sha256(before, chained_bytes(columns, row.bytes(4)))) != row.bytes(6)) {
            report_.problems.push_back(name + "was changed; the chain breaks here");
            ++links_broken_;
        }
    }

    void check_payload(const LogColumns& columns, const Query& row, Projections& projections) {
        const auto payload =
            decode_payload(row.bytes(4), columns, foldable_ ? &projections : nullptr);
        const std::string name = "entry " + std::to_string(columns.sequence) + " of the log: ";
        if (!payload.ok()) {
            if (foldable_) {
                report_.problems.push_back(name + payload.error().message);
            }
            foldable_ = false;
            return;
        }
        if (foldable_) {
            projections.fold(payload.value().entry.change);
        }
        const std::string& aside_sha256 = payload.value().aside_sha256;
        if (row.is_null(5)) {
            report_.asides_erased += aside_sha256.empty() ? 0 : 1;
        } else if (to_hex(sha256(row.bytes(5))) != aside_sha256 && asides_wrong_ < kProblemsMax) {
            report_.problems.push_back(name + "what stands beside it was changed");
            ++asides_wrong_;
        }
    }

    void check_books() {
        const Books kept = read_ledger(connection_).books;
        if (!kept.balance()) {
            report_.problems.push_back("the books do not balance: planned is " +
                                       std::to_string(kept.planned) +
                                       ", and the accounts do not add up to it");
        }
        const Books counted = count_books(connection_);
        if (counted != kept) {
            report_.problems.push_back(
                "the books in the ledger say " + std::to_string(kept.planned) +
                " planned reminders, and recounted they are " + std::to_string(counted.planned) +
                ", or they stand in other accounts");
        }
    }

    void check_bodies() {
        std::int64_t kept = 0;
        std::size_t wrong = 0;
        Query rows = connection_.query("SELECT message, content FROM bodies ORDER BY message");
        while (rows.step() && wrong < kProblemsMax) {
            const std::string name = "body of message " + rows.text(0) + ": ";
            const auto message = find_message(connection_, rows.integer(0));
            const auto body = unpack_body(rows.bytes(1));
            if (!message) {
                report_.problems.push_back(name + "there is no such message");
                ++wrong;
            } else if (!body) {
                report_.problems.push_back(name + "cannot be read");
                ++wrong;
            } else if (!message->bytes_sha256.empty()) {
                ++kept;
                if (to_hex(sha256(body->bytes)) != message->bytes_sha256) {
                    report_.problems.push_back(name + "is not what was handed over");
                    ++wrong;
                }
            }
        }
        if (wrong < kProblemsMax) {
            // The key of `bytes_sha256` in a row's data, which a name or an id cannot look like: a
            // quote inside a text is written with a backslash before it.
            report_.bodies_erased =
                connection_.integer(
                    "SELECT count(*) FROM messages WHERE data LIKE '%,\"h\":\"%' "
                    "OR data LIKE '{\"h\":\"%'") -
                kept;
        }
    }

    Connection& connection_;
    std::optional<KnownHead> head_;
    Connection folded_;
    VerifyReport report_;
    bool foldable_{true};
    std::size_t links_broken_{0};
    std::size_t asides_wrong_{0};
};

}  // namespace

Result<VerifyReport> verify(const std::filesystem::path& file,
                            const std::optional<std::string>& expected_head) {
    std::optional<KnownHead> head;
    if (expected_head) {
        auto parsed = parse_head(*expected_head);
        if (!parsed.ok()) {
            return parsed.error();
        }
        head = std::move(parsed).value();
    }
    if (const auto found = require_file(file); !found.ok()) {
        return found.error();
    }
    try {
        Connection connection(file, Access::Reader);
        connection.query("BEGIN").run();
        if (const auto known = require_present_format(connection, file); !known.ok()) {
            return known.error();
        }
        return Verifier(connection, std::move(head)).run();
    } catch (const SQLite::Exception& exception) {
        return unavailable(exception, file, "verifying it");
    }
}

Result<RebuildReport> rebuild(const std::filesystem::path& file) {
    if (const auto found = require_file(file); !found.ok()) {
        return found.error();
    }
    try {
        Connection connection(file, Access::Writer);
        if (const auto known = require_present_format(connection, file); !known.ok()) {
            return known.error();
        }
        RebuildReport report;
        WriteTransaction transaction(connection);
        report.entries = connection.integer("SELECT count(*) FROM log");
        {
            Connection folded;
            create_projections(folded);
            refold(connection, folded);
            report.differences = projection_differences(connection, folded, kProblemsMax);
        }
        drop_projections(connection);
        create_projections(connection);
        refold(connection, connection);
        transaction.commit();
        return report;
    } catch (const SQLite::Exception& exception) {
        return unavailable(exception, file, "rebuilding it");
    }
}

}  // namespace fristvakt::integrations

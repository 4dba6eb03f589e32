#include <algorithm>
#include <cctype>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "integrations/sqlite/body.hpp"
#include "integrations/sqlite/codec.hpp"
#include "integrations/sqlite/connection.hpp"
#include "integrations/sqlite/deflate.hpp"
#include "integrations/sqlite/files.hpp"
#include "integrations/sqlite/log_writer.hpp"
#include "integrations/sqlite/maintenance.hpp"
#include "integrations/sqlite/projections.hpp"
#include "integrations/sqlite/schema.hpp"

namespace fristvakt::integrations {

using workflows::Error;
using workflows::ErrorKind;
using workflows::Result;

namespace {

constexpr std::size_t kConfigurationBytesMax = 256UL * 1024 * 1024;

std::string lower_case(std::string_view text) {
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(), [](char character) {
        return static_cast<char>(std::tolower(static_cast<unsigned char>(character)));
    });
    return lower;
}

/// What stands at `at` is the end of a longer word. A line of a file that is kept as JSON begins
/// behind a backslash and an n.
bool is_in_a_word(std::string_view lower, std::size_t at) {
    if (at == 0 || (at > 1 && lower.substr(at - 2, 2) == "\\n")) {
        return false;
    }
    const char before = lower[at - 1];
    return (before >= 'a' && before <= 'z') || (before >= '0' && before <= '9') ||
           std::string_view{"._+-"}.find(before) != std::string_view::npos ||
           static_cast<unsigned char>(before) >= 0x80;
}

/// Erases one person, who may have several pseudonyms, within one transaction.
class Eraser {
 public:
    Eraser(Connection& connection, std::string_view address)
        : connection_(connection), address_(address) {}

    /// False: nobody has that address, neither of those who were written to nor in a configuration
    /// (whoever only signs in stands there alone).
    bool find() {
        Query rows =
            connection_.query("SELECT id, name FROM persons WHERE lower(address) = lower(?)");
        rows.bind(address_);
        while (rows.step()) {
            ids_.push_back(rows.text(0));
            // A name of one word is everybody's: only a full one says who is meant.
            if (rows.bytes(1).find(' ') != std::string_view::npos) {
                needles_.push_back(lower_case(rows.bytes(1)));
            }
        }
        needles_.push_back(lower_case(address_));
        return !ids_.empty() || is_in_a_configuration();
    }

    EraseReport run(workflows::Instant now) {
        erase_bodies();
        erase_asides();
        erase_told_texts();
        erase_answers();
        erase_from_configurations();
        for (const std::string& id : ids_) {
            connection_.query("UPDATE persons SET address = '', name = '' WHERE id = ?")
                .bind(id)
                .run();
            ++report_.persons;
        }
        log(now);
        return report_;
    }

 private:
    [[nodiscard]] bool names_them(std::string_view text) const {
        const std::string lower = lower_case(text);
        return std::any_of(needles_.begin(), needles_.end(), [&](const std::string& needle) {
            auto at = lower.find(needle);
            // nicola@sel.example is not ola@sel.example.
            while (at != std::string::npos && is_in_a_word(lower, at)) {
                at = lower.find(needle, at + 1);
            }
            return at != std::string::npos;
        });
    }

    [[nodiscard]] bool is_in_a_configuration() const {
        Query rows = connection_.query("SELECT content FROM configurations");
        while (rows.step()) {
            const auto files = inflate_text(rows.bytes(0), kConfigurationBytesMax);
            if (files && names_them(*files)) {
                return true;
            }
        }
        return false;
    }

    [[nodiscard]] bool is_one(const std::string& id) const {
        return std::find(ids_.begin(), ids_.end(), id) != ids_.end();
    }

    [[nodiscard]] bool goes_to_them(std::int64_t number) const {
        const auto message = find_message(connection_, number);
        return message && (is_one(message->person) ||
                           std::any_of(message->copies.begin(), message->copies.end(),
                                       [&](const std::string& copy) { return is_one(copy); }));
    }

    /// Numbers of those rows of `select` (number, bytes) that are about the person.
    template <typename About>
    std::vector<std::int64_t> numbers_of(const char* select, About about) {
        Query rows = connection_.query(select);
        std::vector<std::int64_t> numbers;
        while (rows.step()) {
            if (about(rows.integer(0), rows.bytes(1))) {
                numbers.push_back(rows.integer(0));
            }
        }
        return numbers;
    }

    void erase_bodies() {
        const auto about = [&](std::int64_t number, std::string_view content) {
            if (goes_to_them(number)) {
                return true;
            }
            const auto body = unpack_body(content);
            return body && (names_them(body->rendered.subject) || names_them(body->rendered.text) ||
                            names_them(body->rendered.html) || names_them(body->bytes));
        };
        for (const std::int64_t number : numbers_of("SELECT message, content FROM bodies", about)) {
            connection_.query("DELETE FROM bodies WHERE message = ?").bind(number).run();
            ++report_.bodies;
        }
    }

    void erase_asides() {
        const auto about = [&](std::int64_t /*sequence*/, std::string_view text) {
            const auto aside = decode_aside(text);
            return !aside.ok() ||
                   std::any_of(aside.value().begin(), aside.value().end(),
                               [&](const auto& row) { return names_them(row.second); });
        };
        for (const std::int64_t sequence :
             numbers_of("SELECT sequence, aside FROM log WHERE aside IS NOT NULL", about)) {
            connection_.query("UPDATE log SET aside = NULL WHERE sequence = ?")
                .bind(sequence)
                .run();
            ++report_.asides;
        }
    }

    void erase_told_texts() {
        std::set<std::int64_t> about;
        {
            Query rows = connection_.query("SELECT message, content FROM told_texts");
            while (rows.step()) {
                const auto texts = decode_aside(rows.bytes(1));
                if (!texts.ok() ||
                    std::any_of(texts.value().begin(), texts.value().end(),
                                [&](const auto& text) { return names_them(text.second); })) {
                    about.insert(rows.integer(0));
                }
            }
        }
        for (const std::int64_t number : about) {
            connection_.query("DELETE FROM told_texts WHERE message = ?").bind(number).run();
            ++report_.asides;
        }
    }

    void erase_answers() {
        std::vector<std::string> keys;
        {
            Query rows = connection_.query("SELECT key, response FROM idempotency");
            while (rows.step()) {
                if (names_them(rows.bytes(1))) {
                    keys.push_back(rows.text(0));
                }
            }
        }
        for (const std::string& key : keys) {
            connection_.query("DELETE FROM idempotency WHERE key = ?").bind(key).run();
            ++report_.answers;
        }
    }

    void erase_from_configurations() {
        std::vector<std::pair<std::string, std::string>> changed;
        {
            Query rows = connection_.query("SELECT hash, content FROM configurations");
            while (rows.step()) {
                const auto files = inflate_text(rows.bytes(1), kConfigurationBytesMax);
                if (files && names_them(*files)) {
                    changed.emplace_back(rows.text(0), deflate_text(without_their_lines(*files)));
                }
            }
        }
        for (const auto& [hash, content] : changed) {
            connection_.query("UPDATE configurations SET content = ? WHERE hash = ?")
                .bind_blob(content)
                .bind(hash)
                .run();
            ++report_.configurations;
        }
    }

    /// The whole line goes: a telephone number stands beside the name. Files may be kept as JSON,
    /// where a line ends with a backslash and an n.
    [[nodiscard]] std::string without_their_lines(std::string_view text) const {
        std::string out;
        while (!text.empty()) {
            const std::size_t newline = text.find('\n');
            const std::size_t escaped = text.find("\\n");
            const std::size_t end = std::min({newline, escaped, text.size()});
            const std::string_view line = text.substr(0, end);
            out += names_them(line) ? std::string_view("[erased]") : line;
            const std::size_t mark = end == text.size() ? 0 : (newline <= escaped ? 1 : 2);
            out += text.substr(end, mark);
            text.remove_prefix(end + mark);
        }
        return out;
    }

    void log(workflows::Instant now) {
        workflows::LogEntry entry;
        entry.at = now;
        entry.kind = "erased";
        entry.actor = to_string(workflows::Actor::Operator);
        for (const std::string& id : ids_) {
            std::string& persons = entry.data["persons"];
            persons += (persons.empty() ? "" : " ") + id;
        }
        LogWriter(connection_).append({&entry, 1});
    }

    Connection& connection_;
    const std::string address_;
    std::vector<std::string> ids_;
    std::vector<std::string> needles_;  ///< Lower case.
    EraseReport report_;
};

}  // namespace

Result<EraseReport> erase_person(const std::filesystem::path& file, std::string_view address,
                                 workflows::Instant now) {
    if (const auto found = require_file(file); !found.ok()) {
        return found.error();
    }
    try {
        Connection connection(file, Access::Writer);
        if (const auto known = require_present_format(connection, file); !known.ok()) {
            return known.error();
        }
        // What is let go is overwritten with zeros, in the file and then in the WAL.
        connection.execute("PRAGMA secure_delete=ON");
        EraseReport report;
        {
            WriteTransaction transaction(connection);
            Eraser eraser(connection, address);
            if (address.empty() || !eraser.find()) {
                return Error{ErrorKind::NotFound,
                             "nobody with that address is stored; check its spelling"};
            }
            report = eraser.run(now);
            transaction.commit();
        }
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)");
        return report;
    } catch (const SQLite::Exception& exception) {
        return unavailable(exception, file, "erasing a person");
    }
}

}  // namespace fristvakt::integrations

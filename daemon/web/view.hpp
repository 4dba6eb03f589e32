#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "daemon/engine/engine_access.hpp"
#include "daemon/http/http_message.hpp"
#include "daemon/web/html.hpp"
#include "daemon/web/table.hpp"
#include "integrations/calendar/entry.hpp"
#include "workflows/decision/recipients.hpp"
#include "workflows/language.hpp"
#include "workflows/ports.hpp"

namespace fristvakt::daemon {

/// What one page is drawn from, taken once at its start so that all of it agrees.
struct View {
    const HttpRequest& request;
    workflows::Language language{workflows::Language::Nb};
    std::shared_ptr<const workflows::Definitions> definitions;
    std::unique_ptr<workflows::Snapshot> snapshot;
    workflows::Ledger ledger;
    EngineHealth health;
    std::string version{};     ///< Of the program.
    std::string who{};         ///< Who looks at the page, as they said themselves; may be empty.
    bool who_is_known{false};  ///< `who` has been proved, and is not asked for.

    /// Who looks. Everything in here is what they may see.
    [[nodiscard]] const Visitor& visitor() const { return request.visitor; }
    [[nodiscard]] workflows::Instant now() const { return health.now; }
    [[nodiscard]] workflows::Date today() const {
        return definitions->time_zone().date_of(health.now);
    }
    [[nodiscard]] const std::string& in(const workflows::Text& text) const {
        return text.in(language);
    }
    [[nodiscard]] std::string in(workflows::Text&& text) const { return text.in(language); }
    /// The words for the reader's målform.
    [[nodiscard]] std::string_view pick(std::string_view nb, std::string_view nn) const {
        return language == workflows::Language::Nb ? nb : nn;
    }
    /// A file is wanted, not a page: all of the list, however long.
    [[nodiscard]] bool wants_file() const { return request.argument("format").has_value(); }
    /// A value of the query; "" when it is absent.
    [[nodiscard]] std::string argument(std::string_view name) const {
        return std::string{request.argument(name).value_or("")};
    }
};

/// What stands between a page's head and foot.
struct Content {
    workflows::Text title;
    Html body;
    /// What `?format=` writes: csv, xlsx, json.
    std::optional<Table> table{};
    /// And ics, where the list has days; filled when a file is wanted.
    bool has_calendar{false};
    std::vector<integrations::calendar::Entry> calendar{};
};

using PageResult = workflows::Result<Content>;

/// What needs action, most urgent first; then what goes out next.
[[nodiscard]] PageResult today_page(View& view);
class LastContacts;
struct Watches;
/// kommune × requirement: who has delivered, who has not; as matrix, list or timeline.
[[nodiscard]] PageResult overview_page(View& view, LastContacts& contacts);
/// All that is waited for, by deadline.
[[nodiscard]] PageResult deadlines_page(View& view);
/// One organisation: what it owes, who is written to, all that happened.
[[nodiscard]] PageResult organisation_page(View& view);
/// One requirement: whom it applies to, its ladder, its notices.
[[nodiscard]] PageResult requirement_page(View& view);
/// How punctual each cohort's debtors were.
[[nodiscard]] PageResult punctuality_page(View& view);
/// Meetings by semester: when, where, who has brought what.
[[nodiscard]] PageResult meetings_page(View& view);
/// The activity plan of a cohort: as the table it was, each row with its state, and by semester.
[[nodiscard]] PageResult plan_page(View& view);
/// The log across cases.
[[nodiscard]] PageResult log_page(View& view);
/// For those who keep fristvakt running.
[[nodiscard]] PageResult operation_page(View& view, const Watches& watches);
/// Organisations, requirements and cases by name or number.
[[nodiscard]] PageResult search_page(View& view);
/// The statement that the law asks for (forskrift 2013-06-21-732).
[[nodiscard]] PageResult accessibility_page(View& view);
/// One case: deadline, status, ladder, history, and why.
[[nodiscard]] PageResult case_page(View& view);
/// All messages, newest first.
[[nodiscard]] PageResult outbox_page(View& view);
/// One message as it was sent.
[[nodiscard]] PageResult message_page(View& view);

/// The addresses that servers refused for good, of those that the configuration still names.
[[nodiscard]] workflows::RefusedAddresses refused_addresses(
    const workflows::Ledger& ledger, const workflows::Definitions& definitions);

/// A table on a page, in a region that scrolls by itself.
[[nodiscard]] Html draw(const View& view, const Table& table);
/// The same under its heading, with a sentence before it unless `lead` is empty.
[[nodiscard]] Html section(const View& view, const Table& table, std::string_view lead = {});

/// A status or state in words, with a sign and a colour; links to `href` unless that is empty.
[[nodiscard]] Html tag(std::string_view sign, std::string_view word, std::string_view color,
                       std::string_view href = {});

/// The number of a message in a path; nothing when `text` is none.
[[nodiscard]] std::optional<std::int64_t> parse_number(std::string_view text);

}  // namespace fristvakt::daemon

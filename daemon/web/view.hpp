#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "daemon/engine/engine_access.hpp"
#include "daemon/http/http_message.hpp"
#include "daemon/web/html.hpp"
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

    /// Who looks. Everything in here is what they may see.
    [[nodiscard]] const Visitor& visitor() const { return request.visitor; }
    [[nodiscard]] workflows::Instant now() const { return health.now; }
    [[nodiscard]] workflows::Date today() const {
        return definitions->time_zone().date_of(health.now);
    }
    [[nodiscard]] const std::string& in(const workflows::Text& text) const {
        return text.in(language);
    }
    /// The words for the reader's målform.
    [[nodiscard]] std::string_view pick(std::string_view nb, std::string_view nn) const {
        return language == workflows::Language::Nb ? nb : nn;
    }
    /// A value of the query; "" when it is absent.
    [[nodiscard]] std::string argument(std::string_view name) const {
        return std::string{request.argument(name).value_or("")};
    }
};

/// What stands between a page's head and foot.
struct Content {
    workflows::Text title;
    Html body;
};

using PageResult = workflows::Result<Content>;

/// kommune × requirement: who has delivered, who has not.
[[nodiscard]] PageResult overview_page(View& view);
/// One case: deadline, status, ladder, history, and why.
[[nodiscard]] PageResult case_page(View& view);
/// All messages, newest first.
[[nodiscard]] PageResult outbox_page(View& view);
/// One message as it was sent.
[[nodiscard]] PageResult message_page(View& view);

/// The addresses that servers refused for good, of those that the configuration still names.
[[nodiscard]] workflows::RefusedAddresses refused_addresses(
    const workflows::Ledger& ledger, const workflows::Definitions& definitions);

/// A status or state in words, with a sign and a colour; links to `href` unless that is empty.
[[nodiscard]] Html tag(std::string_view sign, std::string_view word, std::string_view color,
                       std::string_view href = {});

/// The number of a message in a path; nothing when `text` is none.
[[nodiscard]] std::optional<std::int64_t> parse_number(std::string_view text);

}  // namespace fristvakt::daemon

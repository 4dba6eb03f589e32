#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "workflows/definition/definitions.hpp"
#include "workflows/definition/diagnostic.hpp"

/// The parts of `verify`. Each is pure and adds what it finds.
namespace fristvakt::workflows {

struct Verification {
    const Definitions& definitions;
    const Unreadable& unreadable;
    std::vector<Diagnostic> findings{};
    int suggestions_left{50};  ///< Of the nearest among many; the search is not for thousands.

    void error(const SourcePosition& where, std::string message, std::string hint) {
        findings.push_back({Severity::Error, where, std::move(message), std::move(hint)});
    }
    void warn(const SourcePosition& where, std::string message, std::string hint, Text words = {}) {
        findings.push_back(
            {Severity::Warning, where, std::move(message), std::move(hint), std::move(words)});
    }
};

void verify_installation(Verification& verification);
void verify_sign_in(Verification& verification);
void verify_teams(Verification& verification);
void verify_graph(Verification& verification);
void verify_organisations(Verification& verification);
void verify_contacts(Verification& verification);
void verify_notices(Verification& verification);
void verify_workflows(Verification& verification);
void verify_ladders(Verification& verification);
void verify_programmes(Verification& verification);
void verify_meetings(Verification& verification);
void verify_groups(Verification& verification);
void verify_activities(Verification& verification);

/// "write `titel`" when one is near, else all of them.
[[nodiscard]] std::string did_you_mean(std::string_view word,
                                       std::span<const std::string_view> known);
/// The keys of a map by id, for `did_you_mean`.
template <typename Map>
[[nodiscard]] std::vector<std::string_view> ids_of(const Map& map) {
    std::vector<std::string_view> ids;
    ids.reserve(map.size());
    for (const auto& [id, value] : map) {
        ids.push_back(id);
    }
    return ids;
}

/// Reports a reference to an organisation that is not there; true when it is.
bool check_organisation(Verification& verification, std::string_view id,
                        const SourcePosition& where);
/// As above, for a ladder.
bool check_ladder(Verification& verification, std::string_view id, const SourcePosition& where);
/// As above, for a notice, which must be of one of `kinds`.
void check_notice(Verification& verification, std::string_view id, const SourcePosition& where,
                  std::span<const NoticeKind> kinds);

/// The day on which a step goes: its own where that is a sending day, else earlier before the
/// deadline and later after it. Nothing when the window never opens or the day cannot be computed.
[[nodiscard]] std::optional<Date> sending_day_of(const LadderStep& step, Date due,
                                                 const Definitions& definitions);

}  // namespace fristvakt::workflows

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "workflows/definition/verification.hpp"

/// What the channels in Teams are told of.
namespace fristvakt::workflows {
namespace {

/// All that a channel may be told of at once.
std::set<std::string_view> tellable(const Definitions& definitions) {
    std::set<std::string_view> events{kRefusedNews, kHoldNews, "noted",    "withdrawn",
                                      "reverted",   "opened",  "sent_now", "deadline_moved"};
    for (const Workflow& workflow : definitions.workflows) {
        for (const State& state : workflow.states) {
            for (const Transition& transition : state.on) {
                events.insert(transition.event);
            }
        }
    }
    return events;
}

void check_words(Verification& verification, const TeamsChannel& channel, std::string_view key,
                 const std::vector<std::string>& words, const std::set<std::string_view>& known,
                 std::string_view what) {
    const std::vector<std::string_view> all{known.begin(), known.end()};
    std::set<std::string_view> seen;
    for (std::size_t index = 0; index < words.size(); ++index) {
        const auto where = place(channel.places, fmt::format("{}.{}", key, index), channel.where);
        if (!known.contains(words[index])) {
            verification.error(where, fmt::format("there is no {} `{}`", what, words[index]),
                               did_you_mean(words[index], all));
        } else if (!seen.insert(words[index]).second) {
            verification.error(where, fmt::format("`{}` stands here twice", words[index]),
                               "leave one out");
        }
    }
}

}  // namespace

void verify_teams(Verification& verification) {
    const Installation& installation = verification.definitions.installation;
    if (verification.unreadable.installation || installation.teams.empty()) {
        return;
    }
    std::set<std::string_view> programmes;
    for (const Cohort& cohort : verification.definitions.cohorts) {
        programmes.insert(cohort.programme);
    }
    const auto events = tellable(verification.definitions);
    for (const TeamsChannel& channel : installation.teams) {
        const bool has_own_events = channel.places.contains("events");
        if (verification.unreadable.workflows.empty() && has_own_events) {
            check_words(verification, channel, "events", channel.events, events, "event");
        }
        check_words(verification, channel, "programmes", channel.programmes, programmes,
                    "programme");
        if (!channel.digest && !channel.canary && channel.events.empty()) {
            verification.warn(channel.where, "nothing is ever said in this channel",
                              "name some `events`, leave out `digest: off`, or the channel");
        }
    }
}

}  // namespace fristvakt::workflows

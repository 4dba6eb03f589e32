#include "daemon/engine/sample_message.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "daemon/engine/outgoing.hpp"
#include "workflows/decision/decide.hpp"
#include "workflows/decision/meeting.hpp"
#include "workflows/decision/openings.hpp"
#include "workflows/decision/plan.hpp"

namespace fristvakt::daemon {

using workflows::Case;
using workflows::CaseContext;
using workflows::Definitions;
using workflows::Error;
using workflows::ErrorKind;
using workflows::Instant;
using workflows::MessageSnapshot;
using workflows::Recipient;
using workflows::Result;
using workflows::State;

namespace {

constexpr std::string_view kSoftened = "-softened";
constexpr std::string_view kCollective = "collective";
constexpr auto kMorning = std::chrono::hours{10};

/// One case at the moment at which a notice speaks of it.
struct Scene {
    MessageSnapshot::Item item;
    Instant at{};
    std::vector<Recipient> to;
    std::vector<Recipient> copy;
};

/// Puts one notice about one case on stage.
class Stage {
 public:
    Stage(Case item, const Definitions& definitions)
        : item_(std::move(item)),
          definitions_(definitions),
          workflow_(definitions.find_workflow(item_.workflow)) {}

    Scene set(std::string notice) {
        const bool softened =
            notice.ends_with(kSoftened) &&
            definitions_.find_notice(notice.substr(0, notice.size() - kSoftened.size())) != nullptr;
        if (softened) {
            notice.resize(notice.size() - kSoftened.size());
            item_.softened = true;
        }
        Scene scene = on_a_ladder(notice).value_or(as_an_answer(notice));
        scene.item.notice = notice;
        scene.item.softened = softened;
        scene.item.event_at = scene.at;
        return scene;
    }

 private:
    [[nodiscard]] const workflows::TimeZone& zone() const { return definitions_.time_zone(); }

    [[nodiscard]] Instant before_due() const {
        if (!item_.due) {
            return item_.opened_at + kMorning;
        }
        return zone().start_of_day(item_.due->date - workflows::cal::days{3}) + kMorning;
    }

    void enter(const State& state, Instant at) {
        item_.state = state.id;
        item_.final = state.final;
        item_.entered_at = at;
        item_.state_entry = 1;
        invent_time();
        item_.state_deadline = workflows::own_deadline(item_, state, zone());
    }

    /// A meeting that has no date is shown as if it had one.
    void invent_time() {
        const bool has_time =
            workflow_ != nullptr && std::ranges::any_of(workflow_->fields, [](const auto& field) {
                return field.type == workflows::FieldType::Time;
            });
        if (!has_time || workflows::meeting_time(item_) || item_.state == workflow_->start) {
            return;
        }
        constexpr workflows::cal::days kLater{30};
        constexpr std::chrono::hours kBegins{9};
        constexpr std::chrono::hours kEnds{12};
        const workflows::Date day =
            (item_.due ? item_.due->date : zone().date_of(item_.opened_at)) + kLater;
        item_.fields.merge(workflows::fields_of({.start = workflows::LocalTime{day} + kBegins,
                                                 .end = workflows::LocalTime{day} + kEnds,
                                                 .place = "Teams"}));
    }

    /// What the transition does to the deadline when its event says `until`.
    void move_due(const workflows::Transition& transition, workflows::Date until) {
        const bool moves = std::any_of(transition.sets.begin(), transition.sets.end(),
                                       [](const auto& set) { return set.target == "due"; });
        if (!moves) {
            return;
        }
        auto due = workflows::evaluate({.anchor = until, .terms = {}, .time_of_day = {}}, {},
                                       workflows::FreeDayRule::NextWorkingDay, zone());
        if (due.ok()) {
            item_.due = std::move(due).value();
        }
    }

    [[nodiscard]] Scene scene(Instant at) const {
        return {.item = describe_case(item_, definitions_, zone().date_of(at)),
                .at = at,
                .to = {},
                .copy = {}};
    }

    /// At the first step, in any state, that has the notice.
    std::optional<Scene> on_a_ladder(const std::string& notice) {
        if (workflow_ == nullptr) {
            return std::nullopt;
        }
        const Case before = item_;
        for (const State& state : workflow_->states) {
            enter(state, before_due());
            const CaseContext context = workflows::context_of(item_, definitions_);
            for (const auto& occurrence : workflows::occurrences_of(item_, context, definitions_)) {
                if (occurrence.step->notice != notice) {
                    continue;
                }
                Scene found = scene(occurrence.at);
                found.item.step = occurrence.step->id;
                auto audience =
                    workflows::audience_of(*occurrence.step, item_, context, definitions_,
                                           zone().date_of(occurrence.at), {});
                found.to = std::move(audience.to);
                found.copy = std::move(audience.copy);
                return found;
            }
        }
        item_ = before;
        return std::nullopt;
    }

    /// When somebody has done what the notice answers.
    Scene as_an_answer(const std::string& notice) {
        const Instant at = before_due();
        const auto later =
            (item_.due ? item_.due->date : zone().date_of(at)) + workflows::cal::days{14};
        for (const State& state : workflow_ == nullptr ? std::vector<State>{} : workflow_->states) {
            for (const auto& transition : state.on) {
                const State* next =
                    transition.notice == notice ? workflow_->find_state(transition.to) : nullptr;
                if (next != nullptr) {
                    enter(*next, at);
                    move_due(transition, later);
                }
            }
        }
        Scene found = scene(at);
        const CaseContext context = workflows::context_of(item_, definitions_);
        found.to = workflows::debtor_contacts(item_, context, definitions_, zone().date_of(at), {});
        found.item.fields = {{"until", workflows::iso_date(later)},
                             {"missing", "vedtak og budsjett"},
                             {"reason", "ny rektor fra januar"},
                             {"document_number", "12"}};
        return found;
    }

    Case item_;
    const Definitions& definitions_;
    const workflows::Workflow* workflow_;
};

Error no_such_notice(const std::string& notice, const Definitions& definitions) {
    std::string known;
    for (const auto& [id, unused] : definitions.notices) {
        known += (known.empty() ? "" : ", ") + id;
    }
    return {ErrorKind::NotFound,
            "no notice '" + notice + "' in the configuration; there are " + known};
}

/// What the collective notices speak of: several things at once, one for each case in turn.
std::vector<std::string> notices_behind(const std::string& notice, const Definitions& definitions) {
    if (!notice.starts_with(kCollective)) {
        return {notice};
    }
    const bool is_news = definitions.find_notice(notice)->kind != workflows::NoticeKind::Reminder;
    std::vector<std::string> behind = is_news ? std::vector<std::string>{"receipt", "new-deadline"}
                                              : std::vector<std::string>{"overdue", "reminder"};
    std::erase_if(behind,
                  [&](const std::string& id) { return definitions.find_notice(id) == nullptr; });
    return behind.empty() ? std::vector<std::string>{notice} : behind;
}

void address(MessageSnapshot& message, const Scene& scene, const Definitions& definitions) {
    if (!scene.to.empty()) {
        const Recipient& to = scene.to.front();
        message.to = {.id = {}, .address = to.address, .name = to.name};
        message.recipient_role = to.role;
        message.organisation = to.organisation;
        message.language = to.language;
    }
    for (const Recipient& copy : scene.copy) {
        message.copies.push_back({.id = {}, .address = copy.address, .name = copy.name});
    }
    if (const auto* organisation = definitions.find_organisation(message.organisation)) {
        message.organisation_name = organisation->name;
    }
}

}  // namespace

std::vector<Case> planned_samples(const Definitions& definitions, const std::string& id,
                                  std::size_t count_max) {
    std::vector<Case> cases;
    workflows::PersonIds persons{"sample"};
    const workflows::RefusedAddresses refused;
    auto first = workflows::Date{};
    for (const workflows::Cohort& cohort : definitions.cohorts) {
        first = first == workflows::Date{} ? cohort.from : std::min(first, cohort.from);
    }
    auto openings = workflows::openings_of(definitions, first);
    // What somebody delivers says more than our own meetings.
    std::ranges::stable_partition(openings, [](const workflows::Opening& opening) {
        return opening.requirement->origin != workflows::Requirement::Origin::Meeting;
    });
    for (const workflows::Opening& opening : openings) {
        for (const std::string& debtor :
             workflows::debtors_of(*opening.cohort, *opening.requirement)) {
            if (cases.size() == count_max) {
                return cases;
            }
            if (!id.empty() && workflows::case_id(opening, debtor) != id) {
                continue;
            }
            workflows::CaseFile file;
            file.item = workflows::case_of(opening, debtor, definitions);
            static_cast<void>(workflows::open_case(
                file, opening.due, definitions.time_zone().start_of_day(opening.opens),
                {definitions, persons, refused}));
            cases.push_back(std::move(file.item));
        }
    }
    return cases;
}

Result<MessageSnapshot> sample_message(const std::string& notice, const std::vector<Case>& cases,
                                       const Definitions& definitions) {
    const workflows::Notice* known = definitions.find_notice(notice);
    if (known == nullptr) {
        return no_such_notice(notice, definitions);
    }
    MessageSnapshot message;
    message.number = 1;
    message.message_id = "sample@fristvakt.invalid";
    message.kind = known->kind;
    message.language = definitions.installation.default_language;
    const auto behind = notices_behind(notice, definitions);
    for (std::size_t index = 0; index < cases.size(); ++index) {
        Scene scene = Stage{cases[index], definitions}.set(behind[index % behind.size()]);
        if (index == 0) {
            address(message, scene, definitions);
        }
        message.at = std::max(message.at, scene.at);
        message.items.push_back(std::move(scene.item));
    }
    return message;
}

}  // namespace fristvakt::daemon

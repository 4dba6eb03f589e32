#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

#include <fmt/format.h>

#include "workflows/definition/periods.hpp"
#include "workflows/definition/roles.hpp"
#include "workflows/definition/verification.hpp"
#include "workflows/time/holidays.hpp"

namespace fristvakt::workflows {
namespace {

constexpr std::string_view kPostmottak = "postmottak";
constexpr std::string_view kCaseOfficer = "saksbehandler";

bool is_same_address(std::string_view one, std::string_view other) {
    const auto lower = [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    };
    return std::ranges::equal(one, other, [&](char a, char b) { return lower(a) == lower(b); });
}

/// One step of one requirement in one period, with the day on which it goes.
struct Occurrence {
    const Requirement* requirement;
    const LadderStep* step;
    std::string_view fallback;
    Date day;
};

/// Everything about one cohort.
class CohortCheck {
 public:
    CohortCheck(Verification& verification, const Cohort& cohort)
        : verification_(verification), definitions_(verification.definitions), cohort_(cohort) {}

    void run() {
        check_organisation(verification_, cohort_.creditor, at("creditor"));
        check_responsible(cohort_.responsible, cohort_.creditor, at("responsible"));
        for (const auto& participant : cohort_.participants) {
            const auto& where = place(participant.places, "organisation", participant.where);
            check_organisation(verification_, participant.organisation, where);
            if (participant.organisation == cohort_.creditor) {
                verification_.error(where,
                                    fmt::format("`{}` would owe to itself", cohort_.creditor),
                                    "take it out of the participants, or name another creditor");
            }
            check_responsible(participant.responsible, cohort_.creditor,
                              place(participant.places, "responsible", participant.where));
        }
        for (const auto& requirement : cohort_.requirements) {
            check_requirement(requirement);
        }
        check_recipients();
    }

 private:
    [[nodiscard]] const SourcePosition& at(std::string_view key) const {
        return place(cohort_.places, key, cohort_.where);
    }

    void check_responsible(std::string_view address, std::string_view creditor,
                           const SourcePosition& where) {
        const auto& unreadable = verification_.unreadable;
        if (address.empty() || unreadable.all_contacts ||
            unreadable.contacts_of.contains(creditor)) {
            return;
        }
        const bool is_case_officer =
            std::ranges::any_of(definitions_.contacts_of(creditor), [&](const Contact* contact) {
                return is_same_address(contact->email, address) &&
                       std::ranges::find(contact->roles, kCaseOfficer) != contact->roles.end();
            });
        if (!is_case_officer && definitions_.find_organisation(creditor) != nullptr) {
            verification_.error(where,
                                fmt::format("no saksbehandler at {} has this address", creditor),
                                "write the address of one in contacts.csv, or add them there");
        }
    }

    void check_requirement(const Requirement& requirement) {
        const auto where = [&](std::string_view key) -> const SourcePosition& {
            return place(requirement.places, key, requirement.where);
        };
        const std::string& creditor = creditor_of(requirement);
        if (!requirement.creditor.empty()) {
            check_organisation(verification_, requirement.creditor, where("creditor"));
        }
        if (is_meeting(requirement)) {
            // Held by the cohort's creditor, which has been looked at.
        } else if (!requirement.debtors.empty()) {
            for (const std::string& debtor : requirement.debtors) {
                check_organisation(verification_, debtor, where("debtor"));
            }
            if (std::ranges::find(requirement.debtors, creditor) != requirement.debtors.end()) {
                verification_.error(where("debtor"),
                                    fmt::format("`{}` would owe to itself", creditor),
                                    "name another debtor or creditor");
            }
        } else if (cohort_.participants.empty()) {
            verification_.error(at("participants"), "nobody takes part, so nobody owes anything",
                                "name at least one organisation");
        }
        check_responsible(requirement.responsible, creditor, where("responsible"));
        check_workflow(requirement);
        const bool has_ladder = check_ladder(verification_, requirement.ladder, where("ladder"));
        check_dates(requirement,
                    has_ladder ? definitions_.find_ladder(requirement.ladder) : nullptr);
        if (is_meeting(requirement) || !requirement.activity.empty()) {
            return;  // Nothing is sent anywhere, or a table has no place to say where.
        }
        if (requirement.deliver.to.empty()) {
            verification_.warn(where("deliver"),
                               fmt::format("`{}` does not say where to send it", requirement.id),
                               "add `deliver: {to: ADDRESS}`");
        }
        if (requirement.deliver.case_number.empty()) {
            verification_.warn(where("deliver"),
                               fmt::format("`{}` has no case number", requirement.id),
                               "add `case_number:` under `deliver`, so that the archive finds it");
        }
    }

    static bool is_meeting(const Requirement& requirement) {
        return requirement.origin == Requirement::Origin::Meeting;
    }

    void check_workflow(const Requirement& requirement) {
        const auto& where = place(requirement.places, "workflow", requirement.where);
        const Workflow* workflow = definitions_.find_workflow(requirement.workflow);
        if (workflow == nullptr) {
            if (!verification_.unreadable.workflows.contains(requirement.workflow)) {
                std::vector<std::string_view> known;
                for (const auto& each : definitions_.workflows) {
                    known.push_back(each.id);
                }
                verification_.error(where,
                                    fmt::format("there is no workflow `{}`", requirement.workflow),
                                    did_you_mean(requirement.workflow, known));
            }
            return;
        }
        const bool uses_ladder = std::ranges::any_of(
            workflow->states, [](const State& state) { return state.ladder == "requirement"; });
        if (!uses_ladder && requirement.places.contains("ladder")) {
            verification_.warn(
                requirement.places.at("ladder"),
                fmt::format("the workflow `{}` never uses it", workflow->id),
                "a state of the workflow says `ladder: requirement`, or leave it out");
        }
    }

    [[nodiscard]] const std::string& creditor_of(const Requirement& requirement) const {
        return requirement.creditor.empty() ? cohort_.creditor : requirement.creditor;
    }

    /// Each period's dates, and what the ladder makes of them.
    void check_dates(const Requirement& requirement, const Ladder* ladder) {
        const auto& due_where = place(requirement.places, "due", requirement.where);
        Said said;
        bool has_any = false;
        for (const auto& period : periods_of(requirement, cohort_, definitions_.calendar)) {
            const auto dates = dates_of(requirement, period, cohort_, definitions_.time_zone());
            if (!dates.ok()) {
                verification_.error(due_where, dates.error().message, "choose another date");
                return;
            }
            const auto& [opens, due] = dates.value();
            const bool is_single = requirement.every == Recurrence::Once;
            if (!is_called_for(requirement, period, dates.value(), cohort_, opens)) {
                continue;  // falls due before the cohort begins, so it is never opened
            }
            has_any = true;
            if (cohort_.find_date(requirement, period.id) != nullptr) {
                add_own_ladders(requirement, due.date);
                continue;  // Nobody waits for its date.
            }
            if (opens > due.date) {
                verification_.error(
                    place(requirement.places, "opens", due_where),
                    fmt::format("`{}` opens on {}, after its deadline on {}", requirement.id,
                                iso_date(opens), iso_date(due.date)),
                    requirement.opens ? "write an earlier `opens`, or a later `due`"
                                      : "write `opens:`; without it the period's start counts");
                return;
            }
            if (is_single && !is_meeting(requirement)) {
                warn_of_distant(requirement, due.date);
            }
            if (!is_meeting(requirement)) {
                warn_of_free_day(requirement, period, said);
            }
            if (ladder != nullptr) {
                look_at_steps(requirement, *ladder, dates.value(), said);
            }
            add_own_ladders(requirement, due.date);
        }
        if (!has_any) {
            verification_.error(
                due_where,
                fmt::format("`{}` never falls due within the cohort's period", requirement.id),
                "lengthen the period, or choose another `due`");
        }
    }

    /// What has been said of a requirement and is not said again for its other periods.
    struct Said {
        bool free_day{false};
        bool no_room{false};
        bool same_day{false};
    };

    void warn_of_distant(const Requirement& requirement, Date due) {
        constexpr auto kAfterwards = cal::days{400};
        if (due < cohort_.from || due > cohort_.to + kAfterwards) {
            verification_.warn(place(requirement.places, "due", requirement.where),
                               fmt::format("{} lies outside the cohort's period", iso_date(due)),
                               "check the year",
                               {fmt::format("«{}» har frist {}, utenfor puljens periode.",
                                            requirement.title.nb, long_date(due, Language::Nb)),
                                fmt::format("«{}» har frist {}, utanfor perioden til pulja.",
                                            requirement.title.nn, long_date(due, Language::Nn))});
        }
    }

    void warn_of_free_day(const Requirement& requirement, const Period& period, Said& said) {
        Requirement unmoved = requirement;
        unmoved.if_free_day = FreeDayRule::Keep;
        const auto kept = dates_of(unmoved, period, cohort_, definitions_.time_zone());
        const auto moved = dates_of(requirement, period, cohort_, definitions_.time_zone());
        if (said.free_day || !kept.ok() || !moved.ok() || !is_free_day(kept.value().due.date)) {
            return;
        }
        said.free_day = true;
        const Date from = kept.value().due.date;
        const Date to = moved.value().due.date;
        verification_.warn(place(requirement.places, "due", requirement.where),
                           fmt::format("{} is {}", iso_date(from), day_name(from, Language::Nb)),
                           from == to ? "it stays there, as `if_free_day: keep` says; few are at "
                                        "work then"
                                      : fmt::format("the deadline moves to {} {}; write that day "
                                                    "if it is meant",
                                                    weekday_name(to, Language::Nb), iso_date(to)),
                           {words_of_free_day(requirement, from, to, Language::Nb),
                            words_of_free_day(requirement, from, to, Language::Nn)});
    }

    static std::string words_of_free_day(const Requirement& requirement, Date from, Date to,
                                         Language language) {
        const bool nb = language == Language::Nb;
        std::string words =
            fmt::format("Fristen for «{}» {} på {}.", requirement.title.in(language),
                        nb ? "faller" : "fell", long_date(from, language));
        if (from != to) {
            words += fmt::format(" {} blir {}.", nb ? "Den" : "Han", long_date(to, language));
        }
        return words;
    }

    void look_at_steps(const Requirement& requirement, const Ladder& ladder,
                       const PeriodDates& dates, Said& said) {
        std::vector<Occurrence> occurrences;
        for (const auto& step : ladder.steps) {
            const auto day = sending_day_of(step, dates.due.date, definitions_);
            if (!day) {
                continue;  // the window or the step has been reported
            }
            if (is_before_deadline(step) && *day < dates.opens && !said.no_room) {
                said.no_room = true;
                verification_.warn(
                    place(requirement.places, "opens", requirement.where),
                    fmt::format("the step `{}` lies on {}, before `{}` opens on {}", step.id,
                                iso_date(*day), requirement.id, iso_date(dates.opens)),
                    "open earlier, or it is left out");
            }
            for (const auto& other : occurrences) {
                const bool is_same_day = other.day == *day && shares_role(*other.step, step);
                if (is_same_day && !said.same_day) {
                    said.same_day = true;
                    verification_.warn(
                        place(requirement.places, "due", requirement.where),
                        fmt::format("the steps `{}` and `{}` of `{}` both go on {}, since the "
                                    "send window is shut between",
                                    other.step->id, step.id, ladder.id, iso_date(*day)),
                        "only the later one is sent; choose another day to have both");
                }
            }
            occurrences.push_back({.requirement = &requirement,
                                   .step = &step,
                                   .fallback = ladder.fallback,
                                   .day = *day});
        }
        std::ranges::move(occurrences, std::back_inserter(occurrences_));
    }

    /// The ladders that the states of the workflow name themselves: around the deadline somebody
    /// must be there for each of their steps too.
    void add_own_ladders(const Requirement& requirement, Date due) {
        const Workflow* workflow = definitions_.find_workflow(requirement.workflow);
        if (workflow == nullptr) {
            return;
        }
        std::set<std::string_view> added;
        for (const auto& state : workflow->states) {
            const Ladder* ladder = definitions_.find_ladder(state.ladder);
            if (ladder == nullptr || !added.insert(ladder->id).second) {
                continue;
            }
            for (const auto& step : ladder->steps) {
                occurrences_.push_back({.requirement = &requirement,
                                        .step = &step,
                                        .fallback = ladder->fallback,
                                        .day = due});
            }
        }
    }

    static bool shares_role(const LadderStep& one, const LadderStep& other) {
        return std::ranges::any_of(one.to, [&](const RoleReference& role) {
            return std::ranges::find(other.to, role) != other.to.end();
        });
    }

    /// Who gets each step, for each debtor and each creditor.
    void check_recipients() {
        if (verification_.unreadable.all_contacts || verification_.unreadable.all_organisations) {
            return;
        }
        std::map<std::string_view, SourcePosition> creditors;
        for (const auto& occurrence : occurrences_) {
            const auto& requirement = *occurrence.requirement;
            creditors.emplace(creditor_of(requirement),
                              requirement.creditor.empty()
                                  ? at("creditor")
                                  : place(requirement.places, "creditor", requirement.where));
        }
        for (const auto& [creditor, where] : creditors) {
            check_reached(creditor, Side::Creditor, where);
        }
        std::set<std::string_view> own_debtors;
        for (const auto& requirement : cohort_.requirements) {
            for (const std::string& debtor : requirement.debtors) {
                if (own_debtors.insert(debtor).second) {
                    check_reached(debtor, Side::NamedDebtor,
                                  place(requirement.places, "debtor", requirement.where));
                }
            }
        }
        for (const auto& participant : cohort_.participants) {
            check_reached(participant.organisation, Side::Participant,
                          place(participant.places, "organisation", participant.where));
        }
    }

    /// On which side of a requirement an organisation stands.
    enum class Side { Creditor, NamedDebtor, Participant };

    [[nodiscard]] bool concerns(const Occurrence& occurrence, std::string_view organisation,
                                Side side) const {
        const Requirement& requirement = *occurrence.requirement;
        switch (side) {
            case Side::Creditor:
                return creditor_of(requirement) == organisation;
            case Side::NamedDebtor:
                return std::ranges::find(requirement.debtors, organisation) !=
                       requirement.debtors.end();
            case Side::Participant:
                return requirement.debtors.empty();
        }
        return false;
    }

    void check_reached(std::string_view id, Side side, const SourcePosition& where) {
        const Organisation* organisation = definitions_.find_organisation(id);
        if (organisation == nullptr || verification_.unreadable.contacts_of.contains(id)) {
            return;
        }
        const auto& contacts = definitions_.contacts_of(id);
        const Party party = side == Side::Creditor ? Party::Creditor : Party::Debtor;
        std::set<std::string_view> warned;
        for (const auto& occurrence : occurrences_) {
            std::string_view missing;
            bool is_reached = true;
            if (reaches_attendees(*occurrence.step)) {
                continue;  // Who is called is asked, nobody in their place.
            }
            for (const auto& role : occurrence.step->to) {
                // A step for both sides is sound when either is reached; each side asks its own.
                if (role.party != party) {
                    continue;
                }
                const bool is_held = std::ranges::any_of(contacts, [&](const Contact* contact) {
                    return holds_role_on(*contact, role.role, occurrence.day);
                });
                if (is_held) {
                    missing = {};
                    is_reached = true;
                    break;
                }
                missing = missing.empty() ? std::string_view(role.role) : missing;
                is_reached = false;
            }
            if (is_reached || !concerns(occurrence, id, side)) {
                continue;
            }
            if (!has_fallback(*organisation, contacts, occurrence)) {
                verification_.error(
                    where,
                    fmt::format("`{}` would not be reached on {}: nobody is {} there, and there "
                                "is no {}",
                                id, iso_date(occurrence.day), missing,
                                occurrence.fallback.empty() ? "fallback" : occurrence.fallback),
                    "add a contact with that role, or the organisation's own email");
                return;
            }
            if (warned.insert(missing).second) {
                verification_.warn(where,
                                   fmt::format("nobody is {} at `{}` on {}", missing, id,
                                               iso_date(occurrence.day)),
                                   fmt::format("its {} is written to instead; add a contact with "
                                               "that role",
                                               occurrence.fallback));
            }
        }
    }

    static bool has_fallback(const Organisation& organisation,
                             const std::vector<const Contact*>& contacts,
                             const Occurrence& occurrence) {
        if (occurrence.fallback.empty()) {
            return false;
        }
        return (occurrence.fallback == kPostmottak && !organisation.email.empty()) ||
               std::ranges::any_of(contacts, [&](const Contact* contact) {
                   return holds_role_on(*contact, occurrence.fallback, occurrence.day);
               });
    }

    Verification& verification_;
    const Definitions& definitions_;
    const Cohort& cohort_;
    std::vector<Occurrence> occurrences_;
};

}  // namespace

void verify_programmes(Verification& verification) {
    for (const auto& cohort : verification.definitions.cohorts) {
        CohortCheck(verification, cohort).run();
    }
}

}  // namespace fristvakt::workflows

#include "tests/worlds/random_world.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <rapidcheck.h>

namespace fristvakt::tests {

using workflows::Actor;
using workflows::Definitions;
using workflows::Instant;
using workflows::Ladder;
using workflows::LadderStep;
using workflows::Party;
using workflows::RoleReference;
using workflows::TimeUnit;

namespace {

int number(int from, int to) {
    return *rc::gen::inRange(from, to + 1);
}

bool perhaps(int of) {
    return number(1, of) == 1;
}

/// In the four months around the deadlines, to the minute, most often in working hours.
Instant moment(Instant from) {
    const auto day = oslo().date_of(from) + workflows::cal::days{number(0, 110)};
    const int minute = perhaps(4) ? number(0, 24 * 60 - 1) : number(7 * 60, 17 * 60);
    return oslo().to_instant(day + std::chrono::minutes{minute});
}

RoleReference role() {
    static const std::array kRoles{RoleReference{Party::Debtor, "ressursperson"},
                                   RoleReference{Party::Debtor, "ressursperson"},
                                   RoleReference{Party::Debtor, "skoleeier"},
                                   RoleReference{Party::Creditor, "saksbehandler"}};
    return kRoles.at(static_cast<std::size_t>(number(0, 3)));
}

LadderStep step(int offset, int index) {
    LadderStep made;
    made.id = "s" + std::to_string(index);
    made.at.anchor = std::string{"due"};
    if (offset != 0) {
        made.at.terms = {{.minus = offset < 0,
                          .count = offset < 0 ? -offset : offset,
                          .unit = perhaps(2) ? TimeUnit::Day : TimeUnit::WorkingDay}};
    }
    made.to = {role()};
    if (perhaps(3)) {
        made.to.push_back(role());
    }
    if (perhaps(3)) {
        made.copy = {{Party::Debtor, "skoleeier"}};
    }
    made.notice = offset > 0 ? "overdue" : "reminder";
    if (perhaps(5)) {
        made.time_of_day = std::chrono::hours{number(8, 15)};
    }
    return made;
}

Ladder ladder(const std::string& id) {
    Ladder made;
    made.id = id;
    std::vector<int> offsets;
    for (int left = number(1, 6); left > 0; --left) {
        offsets.push_back(number(-18, 14));
    }
    std::sort(offsets.begin(), offsets.end());
    for (std::size_t index = 0; index < offsets.size(); ++index) {
        made.steps.push_back(step(offsets[index], static_cast<int>(index)));
    }
    made.fallback = "postmottak";
    return made;
}

void change(Definitions& all, bool with_brake) {
    auto& installation = all.installation;
    installation.nag_budget = number(1, 3);
    installation.brake = with_brake ? number(1, 4) : 1'000'000;
    installation.send_window.working_days_only = !perhaps(4);
    if (perhaps(3)) {
        installation.send_window.opens = std::chrono::hours{number(0, 12)};
        installation.send_window.closes =
            installation.send_window.opens + std::chrono::hours{number(1, 8)};
    }
    if (perhaps(3)) {
        installation.send_window.avoid = all.calendar.soft;
    }
    all.ladders["standard"] = ladder("standard");
    all.ladders["gentle"] = ladder("gentle");
    for (auto& requirement : all.cohorts.front().requirements) {
        const auto due = day("2021-02-01") + workflows::cal::days{number(-7, 70)};
        requirement.due.expression =
            workflows::DeadlineExpression{.anchor = due, .terms = {}, .time_of_day = std::nullopt};
        requirement.opens->expression =
            workflows::DeadlineExpression{.anchor = due - workflows::cal::days{number(-2, 30)},
                                          .terms = {},
                                          .time_of_day = std::nullopt};
    }
}

RandomEvent event(Instant from) {
    struct Kind {
        const char* name;
        Actor by;
    };
    static const std::array kKinds{Kind{"claimed", Actor::Debtor},
                                   Kind{"claimed", Actor::Debtor},
                                   Kind{"received", Actor::Creditor},
                                   Kind{"not_found", Actor::Creditor},
                                   Kind{"undone", Actor::Debtor},
                                   Kind{"more_time_given", Actor::Creditor},
                                   Kind{"more_time_given", Actor::Creditor},
                                   Kind{"more_time_asked", Actor::Debtor},
                                   Kind{"granted", Actor::Creditor},
                                   Kind{"declined", Actor::Creditor},
                                   Kind{"paused", Actor::Creditor},
                                   Kind{"resumed", Actor::Creditor},
                                   Kind{"withdrawn", Actor::Creditor},
                                   Kind{"reverted", Actor::Creditor},
                                   Kind{"reverted", Actor::Creditor},
                                   Kind{"incomplete", Actor::Creditor},
                                   Kind{"noted", Actor::Debtor},
                                   Kind{"accepted", Actor::Creditor}};
    const Kind& kind = kKinds.at(static_cast<std::size_t>(number(0, 17)));
    static const std::array kDebtors{"by", "dal", "vik"};
    RandomEvent made;
    made.at = moment(from);
    made.event = kind.name;
    made.by = kind.by;
    made.case_id = std::string{perhaps(3) ? "p/rapport/" : "p/plan/"} +
                   kDebtors.at(static_cast<std::size_t>(number(0, 2)));
    if (made.event == "granted" || made.event == "declined") {
        made.case_id += "/extension-" + std::to_string(number(1, 2));
    }
    const auto until = oslo().date_of(made.at) + workflows::cal::days{number(0, 30)};
    if (made.event == "more_time_given" || made.event == "granted" || made.event == "incomplete" ||
        (made.event == "paused" && !perhaps(3))) {
        made.fields["until"] = workflows::iso_date(until);
    }
    if (made.event == "incomplete") {
        made.fields["missing"] = "underskrift";
    }
    return made;
}

}  // namespace

RandomWorld random_world(bool with_brake) {
    static const DefinitionsPtr kBase = [] {
        World base;
        base.requirements +=
            "  - {id: rapport, workflow: report, opens: 2021-01-04, due: 2021-02-01, ladder: "
            "gentle, title: {nb: Rapport, nn: Rapport}}\n";
        base.contacts +=
            "by,Ada By,ada@by.example,ressursperson,,2021-01-20,2021-02-20\n"
            "dal,Eli Dal,eli@dal.example,skoleeier,,2021-02-01,\n"
            "vik,Ola Vik,ola@vik.example,ressursperson skoleeier,,2021-02-10,\n";
        return base.load();
    }();
    RandomWorld world;
    world.definitions = changed(kBase, [&](Definitions& all) { change(all, with_brake); });
    world.from = at("2021-01-01");
    world.until = at("2021-09-01");
    for (int left = number(0, 12); left > 0; --left) {
        world.events.push_back(event(world.from));
    }
    for (int left = number(0, 40); left > 0; --left) {
        world.moments.push_back(moment(world.from));
    }
    std::sort(world.moments.begin(), world.moments.end());
    std::stable_sort(world.events.begin(), world.events.end(),
                     [](const auto& a, const auto& b) { return a.at < b.at; });
    return world;
}

std::ostream& operator<<(std::ostream& out, const RandomWorld& world) {
    for (const char* id : {"standard", "gentle"}) {
        out << id << ":\n";
        for (const auto& step : world.definitions->ladders.at(id).steps) {
            out << "  " << step.id << " at " << workflows::to_string(step.at) << " to";
            for (const auto& to : step.to) {
                out << ' ' << to.role;
            }
            out << " copies " << step.copy.size()
                << (step.time_of_day ? " at its own time\n" : "\n");
        }
    }
    for (const auto& requirement : world.definitions->cohorts.front().requirements) {
        out << requirement.id << ": opens " << workflows::to_string(*requirement.opens->expression)
            << ", due " << workflows::to_string(*requirement.due.expression) << '\n';
    }
    const auto& installation = world.definitions->installation;
    out << "budget " << installation.nag_budget << " brake " << installation.brake << " window "
        << installation.send_window.opens.count() / 3600 << '-'
        << installation.send_window.closes.count() / 3600
        << (installation.send_window.working_days_only ? " working" : " all") << '\n';
    for (const auto& event : world.events) {
        out << clock(event.at) << ' ' << event.case_id << ' ' << event.event;
        for (const auto& [name, value] : event.fields) {
            out << ' ' << name << '=' << value;
        }
        out << '\n';
    }
    out << "moments:";
    for (const auto when : world.moments) {
        out << ' ' << clock(when);
    }
    return out << '\n';
}

}  // namespace fristvakt::tests

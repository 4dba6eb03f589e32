#pragma once

#include <algorithm>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/worlds/office.hpp"
#include "workflows/decision/meeting.hpp"
#include "workflows/decision/recipients.hpp"

/// A meeting of two or more people in the hands of a test.
namespace fristvakt::tests {

using Lines = std::vector<std::string>;

inline const std::string kMeeting{"p/nettverk/2021-var"};

/// The installation as it stands between two steps.
struct Plan {
    std::string start{"2021-03-23T09:00"};
    std::string end{"2021-03-23T12:00"};
    std::string place{"Teams"};
    std::string cancelled{};
    bool has_date{true};
    std::string open{};  ///< "{limit: 1}"; empty: to nobody else.
    std::string sending{"sending: spool"};
    std::map<std::string, std::string> people{{"kari", "by"}, {"marta", "dal"}};

    [[nodiscard]] DefinitionsPtr load() const {
        World world;
        world.sending = sending;
        world.contacts = "sf,Ida Berg,ida@sf.example,saksbehandler,,,\n";
        for (const auto& [name, organisation] : people) {
            world.contacts += organisation + "," + name + "," + name + "@" + organisation +
                              ".example,ressursperson,,,\n";
        }
        world.requirements =
            "  - {id: plan, workflow: plan, opens: 2022-01-04, due: 2022-01-25, "
            "title: {nb: Plan, nn: Plan}}\n"
            "meetings:\n"
            "  - id: nettverk\n"
            "    title: {nb: Nettverk, nn: Nettverk}\n"
            "    every: semester\n"
            "    set_by: {spring: 02-01, autumn: 09-01}\n"
            "    audience: [ressursperson]\n";
        if (has_date) {
            world.requirements += "    dates:\n      - {start: " + start + ", end: " + end +
                                  ", place: " + place + (open.empty() ? "" : ", open: " + open) +
                                  (cancelled.empty() ? "" : ", cancelled: " + cancelled) + "}\n";
        }
        return world.load();
    }
};

/// "03-01 10:00 kari REQUEST 0 03-23T09:00 Teams".
inline std::string words_of(const workflows::MessageSnapshot& snapshot) {
    const auto& meeting = snapshot.meeting.value();
    std::string line = clock(snapshot.at).substr(5, 11) + " " +
                       snapshot.to.address.substr(0, snapshot.to.address.find('@'));
    line += meeting.is_cancel ? " CANCEL " : " REQUEST ";
    line += std::to_string(meeting.sequence) + " " + workflows::written(meeting.start).substr(5);
    if (!meeting.is_cancel) {
        return line + " " + meeting.place;
    }
    return meeting.is_held ? line + " without them" : line;
}

class Exchange {
 public:
    explicit Exchange(Plan plan = {}) : plan_(std::move(plan)), office_(plan_.load()) {
        EXPECT_TRUE(office_.start("2021-02-01T07:00").ok());
    }

    /// "03-01T10:00 invite", one step.
    void take(const std::string& step) {
        std::istringstream words{step};
        std::string when;
        std::string verb;
        words >> when >> verb;
        when = "2021-" + when;
        std::vector<std::string> rest;
        for (std::string word; words >> word;) {
            rest.push_back(word);
        }
        office_.run(when);
        if (verb == "say") {
            say(when, rest);
        } else if (verb == "hold") {
            EXPECT_TRUE(office_.engine().hold("test", "", at(when)).ok());
        } else if (verb == "release") {
            EXPECT_TRUE(office_.engine().release(std::nullopt, "", at(when)).ok());
            office_.step(when);
        } else if (verb == "lose") {
            office_.lose_next_answer();
        } else if (verb == "refuse" || verb == "delay") {
            refuse(verb == "refuse" ? workflows::Verdict::Refused : workflows::Verdict::RetryLater);
        } else if (verb == "crash-before" || verb == "crash-after") {
            auto& moment =
                verb == "crash-before" ? office_.before_hand_over : office_.after_hand_over;
            moment = [&moment](const auto&) {
                moment = nullptr;
                return true;
            };
        } else if (!configure(verb, rest)) {
            const auto answer =
                office_.raise(when, kMeeting, event_of(verb), workflows::Actor::Creditor);
            EXPECT_TRUE(answer.ok() || is_forgiving)
                << step << ": " << (answer.ok() ? "" : answer.error().message);
        } else {
            EXPECT_TRUE(office_.reload(when, plan_.load()).ok()) << step;
        }
    }

    /// Another way of sending from then on.
    void use(const std::string& sending, const std::string& when) {
        plan_.sending = sending;
        EXPECT_TRUE(office_.reload("2021-" + when, plan_.load()).ok());
    }

    Lines told(const std::string& until) {
        office_.run("2021-" + until);
        Lines lines;
        for (const auto& one : office_.handed_over) {
            if (one.snapshot.meeting) {
                lines.push_back(words_of(one.snapshot));
            }
        }
        return lines;
    }

    /// "kari accepted, marta none".
    std::string answers() {
        std::string text;
        for (const auto& stored : office_.store().snapshot()->invitations_of(kMeeting).value()) {
            const auto response = workflows::counting_response(stored.invitation);
            if (response != workflows::Response::None) {
                text += (text.empty() ? "" : ", ") +
                        stored.person.address.substr(0, stored.person.address.find('@')) + " " +
                        std::string{to_string(response)};
            }
        }
        return text;
    }

    Office& office() { return office_; }
    [[nodiscard]] const Plan& plan() const { return plan_; }

    bool is_forgiving{false};  ///< What cannot be done in the state is left undone.

 private:
    static std::string event_of(const std::string& verb) {
        return verb == "invite" ? "invited" : verb == "agenda" ? "agenda_sent" : verb;
    }

    bool configure(const std::string& verb, const std::vector<std::string>& rest) {
        if (verb == "move") {
            plan_.start = "2021-" + rest[0];
            plan_.end = "2021-" + rest[0].substr(0, 6) + "15:00";
            plan_.has_date = true;
        } else if (verb == "place") {
            plan_.place = rest[0];
        } else if (verb == "cancel") {
            plan_.cancelled = "Sykdom";
        } else if (verb == "open" || verb == "close") {
            plan_.open = verb == "open" ? "{limit: " + rest[0] + "}" : "";
        } else if (verb == "uncancel") {
            plan_.cancelled.clear();
        } else if (verb == "take-away") {
            plan_.has_date = false;
        } else if (verb == "add") {
            plan_.people[rest[0]] = rest[1];
        } else if (verb == "remove") {
            plan_.people.erase(rest[0]);
        } else {
            return false;
        }
        return true;
    }

    /// say WHO WHAT [SEQUENCE|-] [STAMP|-] [-> ERROR]
    void say(const std::string& when, std::vector<std::string> rest) {
        std::string error;
        if (rest.size() > 2 && rest[rest.size() - 2] == "->") {
            error = rest.back();
            rest.resize(rest.size() - 2);
        }
        std::string address = rest[0];
        if (address.find('@') == std::string::npos) {
            address += address == "marta" ? "@dal.example" : "@by.example";
        }
        std::map<std::string, std::string> fields{
            {"attendee", office_.engine().persons().of(address)},
            {"answer", rest[1]},
            {"via", "mail"}};
        if (rest.size() > 2 && rest[2] != "-") {
            fields["sequence"] = rest[2];
        }
        if (rest.size() > 3 && rest[3] != "-") {
            fields["stamped_at"] = "2021-" + rest[3];
        }
        const auto answer =
            office_.raise(when, kMeeting, "responded", workflows::Actor::Attendee, fields);
        EXPECT_EQ(answer.ok() ? "" : answer.error().code, error) << rest[0] << " " << rest[1];
    }

    void refuse(workflows::Verdict verdict) {
        office_.transport = [this, verdict](const workflows::Envelope&) {
            office_.transport = nullptr;
            workflows::DeliveryReport report;
            report.verdict = verdict;
            report.reply = "554 5.7.1 not this";
            return report;
        };
    }

    Plan plan_;
    Office office_;
};

}  // namespace fristvakt::tests

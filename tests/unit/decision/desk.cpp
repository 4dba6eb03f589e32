#include "tests/unit/decision/desk.hpp"

#include <algorithm>

namespace fristvakt::tests {

using workflows::Decision;
using workflows::Reminder;

Desk::Desk(DefinitionsPtr definitions, std::string debtor, std::string requirement)
    : definitions_(std::move(definitions)),
      debtor_(std::move(debtor)),
      requirement_(std::move(requirement)) {}

workflows::World Desk::world() {
    return {*definitions_, persons_, refused};
}

Decision Desk::open(std::string_view when) {
    const auto openings = workflows::openings_of(*definitions_, day("1990-01-01"));
    const auto opening = std::find_if(
        openings.begin(), openings.end(),
        [&](const workflows::Opening& one) { return one.requirement->id == requirement_; });
    file.item = workflows::case_of(*opening, debtor_, *definitions_);
    return workflows::open_case(file, opening->due, at(when), world());
}

Decision Desk::advance(std::string_view when) {
    return workflows::advance(file, at(when), world());
}

workflows::Result<Decision> Desk::raise(std::string_view when, const std::string& event,
                                        workflows::Actor by,
                                        const std::map<std::string, std::string>& fields) {
    workflows::Event raised;
    raised.case_id = file.item.id;
    raised.name = event;
    raised.by = by;
    raised.fields = fields;
    return workflows::raise(file, raised, at(when), world());
}

Decision Desk::redefine(std::string_view when, DefinitionsPtr definitions, bool exists) {
    definitions_ = std::move(definitions);
    return workflows::redefine(file, workflows::configured_due(file.item, *definitions_), exists,
                               at(when), world());
}

Decision Desk::call_again(std::string_view when) {
    return workflows::call_again(file, workflows::configured_due(file.item, *definitions_).value(),
                                 at(when), world());
}

std::vector<std::string> Desk::occurrences() const {
    std::vector<std::string> lines;
    const auto context = workflows::context_of(file.item, *definitions_);
    for (const auto& occurrence : workflows::occurrences_of(file.item, context, *definitions_)) {
        std::string line =
            occurrence.version + ' ' + occurrence.step->id + ' ' + clock(occurrence.at);
        if (occurrence.opened_late) {
            line += " late";
        }
        if (occurrence.superseded) {
            line += " (" + std::string{to_string(*occurrence.superseded)} + ")";
        }
        lines.push_back(line);
    }
    return lines;
}

namespace {

std::string key_in_words(const Reminder& reminder, const workflows::PersonIds& persons) {
    const std::string* address = persons.address_of(reminder.person);
    std::string key = reminder.version + ' ' + reminder.step + ' ' +
                      (address == nullptr ? "?" : address->substr(0, address->find('@')));
    return reminder.occurrence == 1 ? key : key + " #" + std::to_string(reminder.occurrence);
}

}  // namespace

std::vector<std::string> Desk::planned() const {
    std::vector<std::string> lines;
    for (const Reminder& reminder : file.reminders) {
        lines.push_back((reminder.softened ? "~" : "") + key_in_words(reminder, persons_) + ' ' +
                        std::string{to_string(reminder.account)} + " (" +
                        std::string{to_string(reminder.reason)} + ")");
    }
    return lines;
}

std::vector<std::string> Desk::keys() const {
    std::vector<std::string> lines;
    for (const Reminder& reminder : file.reminders) {
        lines.push_back(key_in_words(reminder, persons_) + " at " + clock(reminder.step_at));
    }
    std::sort(lines.begin(), lines.end());
    return lines;
}

}  // namespace fristvakt::tests

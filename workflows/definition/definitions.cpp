#include "workflows/definition/definitions.hpp"

#include <algorithm>

namespace fristvakt::workflows {

const Requirement* Cohort::find_requirement(std::string_view requirement_id) const {
    if (requirement_index.size() == requirements.size()) {
        const auto index = requirement_index.find(std::string(requirement_id));
        return index == requirement_index.end() ? nullptr : &requirements[index->second];
    }
    const auto found = std::ranges::find(requirements, requirement_id, &Requirement::id);
    return found == requirements.end() ? nullptr : &*found;
}

const Participant* Cohort::find_participant(std::string_view organisation) const {
    if (participant_index.size() == participants.size()) {
        const auto index = participant_index.find(std::string(organisation));
        return index == participant_index.end() ? nullptr : &participants[index->second];
    }
    const auto found = std::ranges::find(participants, organisation, &Participant::organisation);
    return found == participants.end() ? nullptr : &*found;
}

const Meeting* Cohort::find_meeting(std::string_view meeting_id) const {
    const auto found = std::ranges::find(meetings, meeting_id, &Meeting::id);
    return found == meetings.end() ? nullptr : &*found;
}

const Group* Cohort::find_group(std::string_view group_id) const {
    const auto found = std::ranges::find(groups, group_id, &Group::id);
    return found == groups.end() ? nullptr : &*found;
}

const Activity* Cohort::find_activity(std::string_view activity_id) const {
    const auto found = std::ranges::find(activities, activity_id, &Activity::id);
    return found == activities.end() ? nullptr : &*found;
}

const MeetingDate* Cohort::find_date(const Requirement& requirement,
                                     std::string_view period) const {
    if (requirement.origin != Requirement::Origin::Meeting) {
        return nullptr;
    }
    const Meeting* meeting = find_meeting(requirement.meeting);
    if (meeting == nullptr) {
        return nullptr;
    }
    const auto found = std::ranges::find_if(meeting->dates, [&](const MeetingDate& date) {
        return date.requirement == requirement.id && date.period == period;
    });
    return found == meeting->dates.end() ? nullptr : &*found;
}

std::vector<std::string> debtors_of(const Cohort& cohort, const Requirement& requirement) {
    std::vector<std::string> debtors = requirement.debtors;
    if (debtors.empty()) {
        debtors.reserve(cohort.participants.size());
        for (const Participant& participant : cohort.participants) {
            debtors.push_back(participant.organisation);
        }
    }
    std::ranges::sort(debtors);
    return debtors;
}

bool is_debtor(const Cohort& cohort, const Requirement& requirement,
               std::string_view organisation) {
    return requirement.debtors.empty()
               ? cohort.find_participant(organisation) != nullptr
               : std::ranges::find(requirement.debtors, organisation) != requirement.debtors.end();
}

void Definitions::index() {
    contacts_by_organisation_.clear();
    cohorts_by_id_.clear();
    for (const auto& contact : contacts) {
        contacts_by_organisation_[contact.organisation].push_back(&contact);
    }
    for (auto& cohort : cohorts) {
        cohorts_by_id_.emplace(cohort.id, &cohort);
        cohort.participant_index.clear();
        for (std::size_t i = 0; i < cohort.participants.size(); ++i) {
            cohort.participant_index.emplace(cohort.participants[i].organisation, i);
        }
        cohort.requirement_index.clear();
        for (std::size_t i = 0; i < cohort.requirements.size(); ++i) {
            cohort.requirement_index.emplace(cohort.requirements[i].id, i);
        }
    }
}

const Organisation* Definitions::find_organisation(std::string_view id) const {
    const auto found = organisations.find(id);
    return found == organisations.end() ? nullptr : &found->second;
}

const Cohort* Definitions::find_cohort(std::string_view id) const {
    const auto found = cohorts_by_id_.find(std::string(id));
    return found == cohorts_by_id_.end() ? nullptr : found->second;
}

const Workflow* Definitions::find_workflow(std::string_view id) const {
    const Workflow* newest = nullptr;
    for (const Workflow& workflow : workflows) {
        if (workflow.id == id && (newest == nullptr || newest->version < workflow.version)) {
            newest = &workflow;
        }
    }
    return newest;
}

const Workflow* Definitions::find_workflow(std::string_view id, int version) const {
    const auto found = std::ranges::find_if(workflows, [&](const Workflow& workflow) {
        return workflow.id == id && workflow.version == version;
    });
    return found == workflows.end() ? nullptr : &*found;
}

const Ladder* Definitions::find_ladder(std::string_view id) const {
    const auto found = ladders.find(id);
    return found == ladders.end() ? nullptr : &found->second;
}

const Notice* Definitions::find_notice(std::string_view id) const {
    const auto found = notices.find(id);
    return found == notices.end() ? nullptr : &found->second;
}

const TeamsChannel* Definitions::find_teams_channel(std::string_view id) const {
    const auto found = std::ranges::find(installation.teams, id, &TeamsChannel::id);
    return found == installation.teams.end() ? nullptr : &*found;
}

const std::vector<const Contact*>& Definitions::contacts_of(std::string_view id) const {
    static const std::vector<const Contact*> kNone;
    const auto found = contacts_by_organisation_.find(std::string(id));
    return found == contacts_by_organisation_.end() ? kNone : found->second;
}

}  // namespace fristvakt::workflows

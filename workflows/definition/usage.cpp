#include "workflows/definition/usage.hpp"

#include <vector>

namespace fristvakt::workflows {

Usage usage_of(const Definitions& definitions) {
    Usage usage;
    std::vector<std::string> open;
    for (const auto& cohort : definitions.cohorts) {
        for (const auto& requirement : cohort.requirements) {
            usage.ladders.insert(requirement.ladder);
            open.push_back(requirement.workflow);
        }
    }
    while (!open.empty()) {
        const std::string id = std::move(open.back());
        open.pop_back();
        const Workflow* workflow = definitions.find_workflow(id);
        if (workflow == nullptr || !usage.workflows.insert(id).second) {
            continue;
        }
        for (const auto& state : workflow->states) {
            if (!state.ladder.empty() && state.ladder != "requirement") {
                usage.ladders.insert(state.ladder);
            }
            for (const auto& transition : state.on) {
                if (!transition.opens.empty()) {
                    open.push_back(transition.opens);
                }
            }
        }
    }
    return usage;
}

}  // namespace fristvakt::workflows

#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/worlds/world.hpp"
#include "workflows/decision/decide.hpp"
#include "workflows/decision/openings.hpp"

namespace fristvakt::tests {

/// One case on a desk: the pure decisions about it, without engine or store.
class Desk {
 public:
    explicit Desk(DefinitionsPtr definitions, std::string debtor = "by",
                  std::string requirement = "plan");
    Desk(const Desk&) = delete;
    Desk& operator=(const Desk&) = delete;

    workflows::Decision open(std::string_view when);
    workflows::Decision advance(std::string_view when);
    workflows::Result<workflows::Decision> raise(
        std::string_view when, const std::string& event, workflows::Actor by,
        const std::map<std::string, std::string>& fields = {});
    /// Another configuration from now on.
    workflows::Decision redefine(std::string_view when, DefinitionsPtr definitions,
                                 bool exists = true);
    /// The configuration calls for the case that it had taken out.
    workflows::Decision call_again(std::string_view when);

    [[nodiscard]] const workflows::Case& item() const { return file.item; }
    /// "v1 due-3wd 2021-01-20 08:00" for each step there is, by time; " (reason)" when it is
    /// superseded.
    [[nodiscard]] std::vector<std::string> occurrences() const;
    /// "v1 due-3wd kari waiting (due)" for each reminder, in the order of planning.
    [[nodiscard]] std::vector<std::string> planned() const;
    /// The same without account and reason, sorted: the keys.
    [[nodiscard]] std::vector<std::string> keys() const;

    workflows::CaseFile file;
    workflows::RefusedAddresses refused;

 private:
    [[nodiscard]] workflows::World world();

    DefinitionsPtr definitions_;
    workflows::PersonIds persons_{"salt"};
    std::string debtor_;
    std::string requirement_;
};

}  // namespace fristvakt::tests

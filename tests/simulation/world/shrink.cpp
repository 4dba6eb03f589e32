#include "tests/simulation/world/shrink.hpp"

#include <algorithm>
#include <utility>

#include "tests/simulation/world/run.hpp"

namespace fristvakt::tests::simulation {

namespace {

class Shrinker {
 public:
    Shrinker(World world, int lives_max) : world_(std::move(world)), lives_left_(lives_max) {}

    World run() {
        leave_out_happenings();
        leave_out_meetings();
        leave_out_participants();
        leave_out_contacts();
        leave_out_happenings();
        return std::move(world_);
    }

 private:
    bool takes(World candidate) {
        if (lives_left_-- <= 0 || live(candidate).broken.empty()) {
            return false;
        }
        world_ = std::move(candidate);
        return true;
    }

    /// Halves first, then single ones.
    void leave_out_happenings() {
        for (std::size_t size = std::max<std::size_t>(world_.happenings.size() / 2, 1); size > 0;
             size /= 2) {
            for (std::size_t first = 0; first < world_.happenings.size();) {
                World candidate = world_;
                const auto begin =
                    candidate.happenings.begin() + static_cast<std::ptrdiff_t>(first);
                const auto count = std::min(size, candidate.happenings.size() - first);
                candidate.happenings.erase(begin, begin + static_cast<std::ptrdiff_t>(count));
                first += takes(std::move(candidate)) ? 0 : size;
            }
        }
    }

    void leave_out_meetings() {
        const auto all = world_.rules.front().meetings;
        for (const model::Meeting& one : all) {
            World candidate = world_;
            for (model::Rules& rules : candidate.rules) {
                std::erase_if(rules.meetings,
                              [&](const model::Meeting& other) { return other.id == one.id; });
            }
            (void)takes(std::move(candidate));
        }
    }

    void leave_out_participants() {
        const auto all = world_.rules.front().participants;
        for (const std::string& one : all) {
            World candidate = world_;
            for (model::Rules& rules : candidate.rules) {
                std::erase(rules.participants, one);
            }
            (void)takes(std::move(candidate));
        }
    }

    void leave_out_contacts() {
        const auto all = world_.rules.front().contacts;
        for (const model::Contact& one : all) {
            World candidate = world_;
            for (model::Rules& rules : candidate.rules) {
                std::erase_if(rules.contacts, [&](const model::Contact& other) {
                    return other.address == one.address;
                });
            }
            (void)takes(std::move(candidate));
        }
    }

    World world_;
    int lives_left_;
};

}  // namespace

World shrunk(World world, int lives_max) {
    return Shrinker{std::move(world), lives_max}.run();
}

}  // namespace fristvakt::tests::simulation

#pragma once

/// A visitor of a std::variant, made of one lambda a case.
namespace fristvakt::workflows {

template <typename... Cases>
struct Overloaded : Cases... {
    using Cases::operator()...;
};
template <typename... Cases>
Overloaded(Cases...) -> Overloaded<Cases...>;

}  // namespace fristvakt::workflows

# Headers of others that most sources include, compiled once: fristvakt_precompiled for all, and
# fristvakt_precompiled_tests for tests. A target takes one with
#   target_precompile_headers(TARGET REUSE_FROM NAME)
set(empty ${CMAKE_CURRENT_BINARY_DIR}/precompiled.cpp)
file(CONFIGURE OUTPUT ${empty} CONTENT "// Written by cmake/precompiled.cmake.\n")
# A compiled header counts only where the macros it looks at are the same.
foreach(library IN ITEMS date::date fmt::fmt)
    target_compile_definitions(fristvakt_flags INTERFACE
        $<TARGET_PROPERTY:${library},INTERFACE_COMPILE_DEFINITIONS>)
endforeach()
set(headers
    <algorithm> <array> <chrono> <cstdint> <filesystem> <fstream> <functional> <iostream> <map>
    <memory> <optional> <set> <span> <string> <string_view> <tuple> <unordered_map> <utility>
    <variant> <vector> <date/date.h> <fmt/format.h> <nlohmann/json.hpp>)

add_library(fristvakt_precompiled OBJECT ${empty})
target_link_libraries(fristvakt_precompiled PRIVATE fristvakt_flags)
target_precompile_headers(fristvakt_precompiled PRIVATE ${headers})

add_library(fristvakt_precompiled_tests OBJECT ${empty})
target_link_libraries(fristvakt_precompiled_tests PRIVATE fristvakt_flags GTest::gtest_main)
target_precompile_headers(fristvakt_precompiled_tests PRIVATE
    ${headers} <gtest/gtest.h>)

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <sodium.h>

#include "tests/unit/configuration/shipped.hpp"

namespace fristvakt {
namespace {

using integrations::ConfigurationFiles;
using integrations::load_configuration;
using tests::default_files;
using tests::printed;
using tests::shipped_files;

TEST(ShippedConfiguration, HasNoErrorAndOneWarning) {
    const auto loaded = load_configuration(shipped_files(), default_files());
    ASSERT_NE(loaded.definitions, nullptr) << printed(loaded);
    EXPECT_EQ(printed(loaded),
              "config/programmes/ibs-pulje-5-innlandet.yaml:20:5: warning: nobody is ressursperson "
              "at `gausdal` on 2021-01-11; its postmottak is written to instead; add a contact "
              "with that role\n");
}

}  // namespace
}  // namespace fristvakt

#include "integrations/oidc/id_token.hpp"

#include <array>
#include <functional>
#include <memory>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
extern "C" {
#include <cjose/cjose.h>
}

namespace fristvakt::tests {
namespace {

using integrations::check_id_token;
using integrations::IdTokenExpected;
using nlohmann::json;
using workflows::ErrorKind;
using workflows::Instant;

constexpr std::int64_t kNow = 1'800'000'000;

struct Free {
    void operator()(cjose_jwk_t* key) const { cjose_jwk_release(key); }
    void operator()(cjose_jws_t* signature) const { cjose_jws_release(signature); }
    void operator()(cjose_header_t* header) const { cjose_header_release(header); }
};
using Key = std::unique_ptr<cjose_jwk_t, Free>;

struct Keys {
    Key rsa;
    Key ec;
    Key other;
    Key oct;

    static const Keys& all() {
        static const Keys kKeys = [] {
            cjose_err error{};
            constexpr std::array<std::uint8_t, 3> kExponent{1, 0, 1};
            Keys keys{
                Key{cjose_jwk_create_RSA_random(2048, kExponent.data(), kExponent.size(), &error)},
                Key{cjose_jwk_create_EC_random(CJOSE_JWK_EC_P_256, &error)},
                Key{cjose_jwk_create_RSA_random(2048, kExponent.data(), kExponent.size(), &error)},
                Key{cjose_jwk_create_oct_random(256, &error)}};
            cjose_jwk_set_kid(keys.rsa.get(), "rsa", 3, &error);
            cjose_jwk_set_kid(keys.ec.get(), "ec", 2, &error);
            cjose_jwk_set_kid(keys.other.get(), "rsa", 3, &error);
            return keys;
        }();
        return kKeys;
    }
};

std::string key_set() {
    json list = json::array();
    cjose_err error{};
    for (const cjose_jwk_t* key : {Keys::all().rsa.get(), Keys::all().ec.get()}) {
        char* text = cjose_jwk_to_json(key, false, &error);
        list.push_back(json::parse(text));
        cjose_get_dealloc()(text);
    }
    return json{{"keys", list}}.dump();
}

std::string token_of(const json& claims, const Key& key, const std::string& algorithm,
                     const std::string& id) {
    cjose_err error{};
    const std::unique_ptr<cjose_header_t, Free> header{cjose_header_new(&error)};
    cjose_header_set(header.get(), CJOSE_HDR_ALG, algorithm.c_str(), &error);
    if (!id.empty()) {
        cjose_header_set(header.get(), CJOSE_HDR_KID, id.c_str(), &error);
    }
    const std::string body = claims.dump();
    const std::unique_ptr<cjose_jws_t, Free> jws{
        cjose_jws_sign(key.get(), header.get(), reinterpret_cast<const std::uint8_t*>(body.data()),
                       body.size(), &error)};
    const char* text{nullptr};
    EXPECT_NE(jws, nullptr) << error.message;
    if (jws == nullptr || !cjose_jws_export(jws.get(), &text, &error)) {
        return "";
    }
    return text;
}

json good_claims() {
    return {{"iss", "https://id.example"},
            {"aud", "fristvakt"},
            {"sub", "17"},
            {"nonce", "n"},
            {"exp", kNow + 300},
            {"iat", kNow},
            {"email", "kari@sf.example"},
            {"email_verified", true}};
}

struct Row {
    std::string name;
    std::function<void(json&)> change;
    std::string problem;  ///< Empty: it is good.
    std::string algorithm{"RS256"};
    std::string key{"rsa"};
    std::string id{"rsa"};
    std::function<void(IdTokenExpected&)> expect{[](IdTokenExpected&) {}};
};
void PrintTo(const Row& row, std::ostream* out) {
    *out << row.name;
}
class IdTokens : public ::testing::TestWithParam<Row> {};

TEST_P(IdTokens, AreBelievedOrNot) {
    const Row& row = GetParam();
    json claims = good_claims();
    row.change(claims);
    const Keys& keys = Keys::all();
    const Key& key = row.key == "rsa"   ? keys.rsa
                     : row.key == "ec"  ? keys.ec
                     : row.key == "oct" ? keys.oct
                                        : keys.other;
    IdTokenExpected expected{.issuer = "https://id.example",
                             .client_id = "fristvakt",
                             .nonce = "n",
                             .now = Instant{workflows::Seconds{kNow}}};
    row.expect(expected);
    const auto read =
        check_id_token(token_of(claims, key, row.algorithm, row.id), key_set(), expected);
    if (row.problem.empty()) {
        ASSERT_TRUE(read.ok()) << read.error().message;
        EXPECT_EQ(read.value().at("email"), "kari@sf.example");
        EXPECT_EQ(read.value().at("email_verified"), "true");
    } else {
        ASSERT_FALSE(read.ok());
        EXPECT_NE(read.error().message.find(row.problem), std::string::npos)
            << read.error().message;
        EXPECT_EQ(read.error().message.find("kari"), std::string::npos);
    }
}

void nothing(json&) {}
std::function<void(json&)> with(const std::string& name, const json& value) {
    return [=](json& claims) { claims[name] = value; };
}
std::function<void(json&)> without(const std::string& name) {
    return [=](json& claims) { claims.erase(name); };
}

INSTANTIATE_TEST_SUITE_P(
    Table, IdTokens,
    ::testing::Values(Row{"Rs256", nothing, ""}, Row{"Ps256", nothing, "", "PS256"},
                      Row{"Es256", nothing, "", "ES256", "ec", "ec"},
                      Row{"WithoutKeyId", nothing, "", "RS256", "rsa", ""},
                      Row{"Rs384", nothing, "not accepted", "RS384"},
                      Row{"Hs256", nothing, "not accepted", "HS256", "oct", ""},
                      Row{"UnknownKey", nothing, "no key by which", "RS256", "rsa", "new"},
                      Row{"AnothersKey", nothing, "does not fit", "RS256", "other"},
                      Row{"OtherIssuer", with("iss", "https://id.example/"), "another issuer"},
                      Row{"OtherAudience", with("aud", "other"), "another client"},
                      Row{"NoAudience", without("aud"), "another client"},
                      Row{"AudienceInList", with("aud", json::array({"fristvakt"})), ""},
                      Row{"SeveralAudiences", with("aud", json::array({"other", "fristvakt"})),
                          "another client"},
                      Row{"SeveralWithParty",
                          [](json& claims) {
                              claims["aud"] = json::array({"other", "fristvakt"});
                              claims["azp"] = "fristvakt";
                          },
                          ""},
                      Row{"OtherParty", with("azp", "other"), "another client"},
                      Row{"NoSubject", without("sub"), "whom it is about"},
                      Row{"OtherNonce", with("nonce", "m"), "another sign-in"},
                      Row{"NoNonce", without("nonce"), "another sign-in"},
                      Row{"Ended", with("exp", kNow - 60), "has ended"},
                      Row{"EndedWithinSkew", with("exp", kNow - 59), ""},
                      Row{"NoEnd", without("exp"), "when it ends"},
                      Row{"EndInWords", with("exp", "never"), "when it ends"},
                      Row{"NoIssueTime", without("iat"), "when it was issued"},
                      Row{"FromTheFuture", with("iat", kNow + 61), "not in force"},
                      Row{"NotYet", with("nbf", kNow + 61), "not in force"},
                      Row{"WeakerThanAsked", with("acr", "low"), "weaker", "RS256", "rsa", "rsa",
                          [](IdTokenExpected& expected) {
                              expected.acr = {"high", "higher"};
                          }},
                      Row{"AsStrongAsAsked", with("acr", "higher"), "", "RS256", "rsa", "rsa",
                          [](IdTokenExpected& expected) {
                              expected.acr = {"high", "higher"};
                          }},
                      Row{"WithoutSecondFactor", with("amr", json::array({"pwd"})), "amr", "RS256",
                          "rsa", "rsa", [](IdTokenExpected& expected) { expected.amr = {"mfa"}; }},
                      Row{"WithSecondFactor", with("amr", json::array({"pwd", "mfa"})), "", "RS256",
                          "rsa", "rsa", [](IdTokenExpected& expected) { expected.amr = {"mfa"}; }}),
    [](const auto& row) { return row.param.name; });

TEST(IdToken, UnsignedOrBrokenIsNone) {
    const IdTokenExpected expected{.issuer = "https://id.example",
                                   .client_id = "fristvakt",
                                   .nonce = "n",
                                   .now = Instant{workflows::Seconds{kNow}}};
    const std::string good = token_of(good_claims(), Keys::all().rsa, "RS256", "rsa");
    const std::string body = good.substr(good.find('.'));
    const std::string claims = body.substr(0, body.rfind('.') + 1);
    for (const std::string& token :
         {std::string{}, std::string{"a.b"}, std::string{"a.b.c.d"}, "eyJhbGciOiJub25lIn0" + claims,
          good.substr(0, good.size() - 4), good + "A", "x" + good,
          std::string(40'000, 'a') + ".a.a"}) {
        const auto read = check_id_token(token, key_set(), expected);
        EXPECT_FALSE(read.ok());
    }
    EXPECT_FALSE(check_id_token(good, "{}", expected).ok());
    EXPECT_FALSE(check_id_token(good, "[", expected).ok());
    EXPECT_EQ(check_id_token(good, R"({"keys":[]})", expected).error().kind, ErrorKind::NotFound);
}

}  // namespace
}  // namespace fristvakt::tests

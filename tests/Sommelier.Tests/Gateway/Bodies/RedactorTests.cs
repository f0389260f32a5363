using System.Text;
using System.Text.Json;
using CsCheck;
using Sommelier.Gateway.Bodies;

namespace Sommelier.Tests.Gateway.Bodies;

/// <summary>What is taken out of texts and bodies, and what stays.</summary>
public sealed class RedactorTests
{
    [Theory]
    [InlineData("mail anna.müller+x@mail.example.co.kr now", "mail [email] now")]
    [InlineData("pay 4111 1111 1111 1111 today", "pay [card] today")]
    [InlineData("pay 4111-1111-1111-1112 today", "pay 4111-1111-1111-1112 today")]
    [InlineData("378282246310005", "[card]")]
    [InlineData("to DE89 3704 0044 0532 0130 00, please", "to [iban], please")]
    [InlineData("to GB82WEST12345698765432.", "to [iban].")]
    [InlineData("no GB82WEST12345698765433 of mine", "no GB82WEST12345698765433 of mine")]
    [InlineData("call +49 170 1234567 or (212) 555-0123 or 010-1234-5678", "call [phone] or [phone] or [phone]")]
    [InlineData("call 212-555-0123, 01012345678 or 030 1234567", "call [phone], [phone] or [phone]")]
    [InlineData("from 192.168.10.7 and 2001:db8::8a2e:370:7334 at 12:30:45", "from [ip] and [ip] at 12:30:45")]
    [InlineData("version 1.2.3.999 of 2026-11-30", "version 1.2.3.999 of 2026-11-30")]
    [InlineData("ssn 078-05-1120, not 000-12-3456", "ssn [national_id], not 000-12-3456")]
    [InlineData("주민 900101-1234567 입니다", "주민 [national_id] 입니다")]
    [InlineData("key sk-proj-abcdefghij0123456789 and AKIAIOSFODNN7EXAMPLE", "key [api_key] and [api_key]")]
    [InlineData("ghp_abcdefghijklmnopqrstuvwxyz0123456789 smlr_abcdefghijklmnopqrst", "[api_key] [api_key]")]
    [InlineData("Which wine goes with 12 cheeses in 2026, for 3.50 EUR?", "Which wine goes with 12 cheeses in 2026, for 3.50 EUR?")]
    [InlineData("std::vector<int> a::b c", "std::vector<int> a::b c")]
    public void Takes_out_personal_data_and_secrets_alone(string text, string expected) => Assert.Equal(expected, Redactor.Pii.Redact(text));

    [Fact]
    public void A_token_that_the_cut_goes_through_is_taken_out_too() =>
        Assert.DoesNotContain("eyJ", Redactor.Pii.RedactCut("shown eyJhbGciOiJSUzI1NiJ9.eyJlbWFpbCI6ImFAYi5leGFtcGxl" + new string('Q', 300)), StringComparison.Ordinal);

    [Fact]
    public void Takes_out_what_own_patterns_find()
    {
        var redactor = new Redactor(pii: false, [PiiPattern.Of("(?i)project [a-z]+")]);

        Assert.Equal("about [redacted], a@b.example", redactor.Redact("about Project Riesling, a@b.example"));
        Assert.ThrowsAny<ArgumentException>(() => PiiPattern.Of("(?=x)x"));
        Assert.ThrowsAny<ArgumentException>(() => PiiPattern.Of("("));
    }

    [Fact]
    public void Finds_it_behind_escapes_and_in_numbers_and_names()
    {
        var redacted = Of("""{"a":"an\u006ea\u0040mail.example","n":4111111111111111,"bob@mail.example":[null,true,1.50,"\"x\""]}""");

        Assert.Equal("""{"a":"[email]","n":"[card]","[email]":[null,true,1.50,"\"x\""]}""", redacted);
    }

    [Fact]
    public void What_is_no_json_is_a_text() => Assert.Equal("hello [email]{", Of("hello a@b.example{"));

    /// <summary>Wherever a body is cut, what is stored of it is JSON, and never a part of what would have been taken out.</summary>
    [Fact]
    public void A_cut_body_is_closed_and_says_nothing_that_the_whole_one_would_not()
    {
        var body = Encoding.UTF8.GetBytes($$"""{"model":"m","messages":[{"role":"user","content":"{{new string('é', 70)}} reach me at anna.smith@mail.example or \u002b49 170 1234567, 4111 1111 1111 1111 \ud83c\udf77 thanks"},{"role":"user"}],"n":12}""");
        for (var length = 1; length < body.Length; length++)
        {
            var redacted = Encoding.UTF8.GetString(RedactedJson.Of(body.AsSpan(0, length), cut: true, Redactor.Pii));
            using var parsed = JsonDocument.Parse(redacted);
            Assert.DoesNotContain("anna", redacted, StringComparison.Ordinal);
            Assert.DoesNotContain("170", redacted, StringComparison.Ordinal);
            Assert.DoesNotContain("4111", redacted, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void No_bytes_break_it() => Gen.Byte.Array[0, 200].Select(Gen.Bool).Sample((bytes, cut) => { RedactedJson.Of(bytes, cut, Redactor.Pii); });

    [Fact]
    public void A_body_of_many_quotes_and_digits_takes_no_longer_than_its_length()
    {
        var text = string.Concat(Enumerable.Repeat("1 2-3 4:5.6@7 ", 20_000));
        var started = TimeProvider.System.GetTimestamp();
        Redactor.Pii.Redact(text);
        Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(30));
    }

    private static string Of(string body) => Encoding.UTF8.GetString(RedactedJson.Of(Encoding.UTF8.GetBytes(body), cut: false, Redactor.Pii));
}

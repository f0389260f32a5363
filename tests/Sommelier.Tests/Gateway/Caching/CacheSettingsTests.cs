using System.Buffers;
using System.Text;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Gateway.Caching;
using Sommelier.Routing;

namespace Sommelier.Tests.Gateway.Caching;

public sealed class CacheSettingsTests
{
    [Theory]
    [InlineData(null, null, null, null)]
    [InlineData(null, null, "true", 600)]
    [InlineData(null, null, "1h", 3600)]
    [InlineData(true, null, null, 600)]
    [InlineData(true, 60, null, 60)]
    [InlineData(true, 60, "1h", 60)]
    [InlineData(true, 60, "5s", 5)]
    [InlineData(true, 60, "false", null)]
    [InlineData(false, 60, "true", null)]
    public void A_caller_asks_where_the_policy_is_silent_and_only_tightens_where_it_speaks(bool? enabled, int? policy, string? caller, int? seconds)
    {
        CacheHint? hint = caller switch { null => null, "true" => new(true), "false" => new(false), _ => CacheHint.OfTtl(caller) };
        var settings = new CacheSettings(enabled, policy is { } ttl ? TimeSpan.FromSeconds(ttl) : null);
        Assert.Equal(seconds is { } expected ? TimeSpan.FromSeconds(expected) : null, settings.For(hint));
    }

    [Theory]
    [InlineData("1s")]
    [InlineData("30d")]
    public void A_length_of_time_is_a_hint(string text) => Assert.NotNull(CacheHint.OfTtl(text));

    [Theory]
    [InlineData("500ms")]
    [InlineData("31d")]
    [InlineData("10")]
    [InlineData("")]
    [InlineData("-1s")]
    public void Other_texts_are_none(string text) => Assert.Null(CacheHint.OfTtl(text));

    [Fact]
    public void Records_hold_what_was_said_and_versions_of_policies_that_say_nothing_stay()
    {
        var hints = new CallerHints { Cache = new(true, TimeSpan.FromSeconds(90)) };
        Assert.Equal(hints.Cache, HintsJson.Read(Json(to => HintsJson.Write(to, hints))).Cache);
        foreach (var settings in new CacheSettings[] { new(), new(false), new(true, TimeSpan.FromMinutes(5)), new(true, null, new() { Model = "lab/vectors", AtLeast = 0.9, Timeout = TimeSpan.FromMilliseconds(250) }) })
        {
            var policy = Policies.Balanced with { Cache = settings };
            Assert.Equal(settings, PolicyJson.Read(Json(to => PolicyJson.Write(to, policy))).Cache);
            Assert.Equal(settings.Enabled is null, PolicyJson.Hash(policy) == Policies.Balanced.Version);
        }
    }

    [Fact]
    public void Costs_of_a_stream_become_zero_and_texts_stay()
    {
        const string Stream = "data: {\"text\":\"\\\"sommelier\\\":{\\\"cost_usd\\\":5}\"}\n\ndata: {\"sommelier\":{\"cost_usd\":0.000022}}\n\ndata: [DONE]\n\n";
        Assert.Equal(
            Stream.Replace("0.000022", "0", StringComparison.Ordinal),
            Encoding.UTF8.GetString(TollFree.Copy(Encoding.UTF8.GetBytes(Stream))));
    }

    private static JsonElement Json(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            write(writer);
        }

        return JsonElement.Parse(buffer.WrittenSpan);
    }
}

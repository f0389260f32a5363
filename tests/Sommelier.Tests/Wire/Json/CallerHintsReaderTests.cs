using System.Text;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire;
using Sommelier.Wire.Json;

namespace Sommelier.Tests.Wire.Json;

public sealed class CallerHintsReaderTests
{
    [Fact]
    public void Reads_every_control()
    {
        var hints = Read("""
            {"policy":"frugal","max_cost_usd":0.01,"max_latency_ms":800,"min_quality":0.8,"data":"confidential",
             "regions":["eu","on-prem"],"only":["openai/gpt-6-luna"],"exclude":"groq","session":"s1","tags":["a","b"],
             "strict":true,"fallback":false,"on_break":"restart"}
            """)!;

        Assert.Equal("frugal", hints.Policy);
        Assert.Equal(0.01m, hints.MaxCostUsd);
        Assert.Equal(800, hints.MaxLatencyMs);
        Assert.Equal(0.8, hints.MinQuality);
        Assert.Equal(DataClass.Confidential, hints.Data);
        Assert.Equal(["eu", "on-prem"], hints.Regions);
        Assert.Equal(["openai/gpt-6-luna"], hints.Only);
        Assert.Equal(["groq"], hints.Exclude);
        Assert.Equal("s1", hints.Session);
        Assert.Equal(["a", "b"], hints.Tags);
        Assert.True(hints.Strict);
        Assert.False(hints.Fallback);
        Assert.Equal(OnBreak.Restart, hints.OnBreak);
    }

    [Theory]
    [InlineData("true", true, null)]
    [InlineData("false", false, null)]
    [InlineData("{}", true, null)]
    [InlineData("{\"ttl\":\"90s\"}", true, 90)]
    public void Reads_what_is_said_of_stored_answers(string value, bool wanted, int? seconds) =>
        Assert.Equal(new CacheHint(wanted, seconds is { } ttl ? TimeSpan.FromSeconds(ttl) : null), Read($$"""{"cache":{{value}}}""")!.Cache);

    [Fact]
    public void Nobody_fills_the_ledger_with_tags()
    {
        Assert.Equal("'sommelier.tags[0]' must be a string of at most 512 characters.", Assert.Throws<WireException>(() => Read($$"""{"tags":["{{new string('x', 513)}}"]}""")).Error.Message);
        Assert.Equal("'sommelier.tags' must be a list of at most 200 strings.", Assert.Throws<WireException>(() => Read($$"""{"tags":[{{string.Join(',', Enumerable.Repeat("\"t\"", 201))}}]}""")).Error.Message);
        Assert.Equal(200, Read($$"""{"tags":[{{string.Join(',', Enumerable.Repeat("\"t\"", 200))}}]}""")!.Tags.Count);
    }

    [Fact]
    public void An_empty_object_asks_nothing_and_null_counts_as_absent()
    {
        Assert.Equal(CallerHints.None, Read("{}"));
        Assert.Equal(CallerHints.None, Read("""{"policy":null}"""));
        Assert.Null(Read("null"));
    }

    [Theory]
    [InlineData("""[]""", "'sommelier' must be an object, not a list.")]
    [InlineData("""{"polcy":"x"}""", "'sommelier.polcy' is not a control. Known: policy, max_cost_usd, max_latency_ms, min_quality, data, regions, only, exclude, session, tags, strict, fallback, cache, on_break.")]
    [InlineData("""{"policy":1}""", "'sommelier.policy' must be a string, not a number.")]
    [InlineData("""{"policy":""}""", "'sommelier.policy' must be a string that is not empty.")]
    [InlineData("""{"policy":"a","policy":"b"}""", "'sommelier.policy' is given twice. Send it once.")]
    [InlineData("""{"max_cost_usd":"1"}""", "'sommelier.max_cost_usd' must be a number of USD, not a string.")]
    [InlineData("""{"max_cost_usd":-1}""", "'sommelier.max_cost_usd' must be 0 or more, in USD.")]
    [InlineData("""{"max_latency_ms":1.5}""", "'sommelier.max_latency_ms' must be a whole number of milliseconds from 1 on.")]
    [InlineData("""{"min_quality":80}""", "'sommelier.min_quality' must be a number from 0 to 1.")]
    [InlineData("""{"data":"secret"}""", "'sommelier.data' is 'secret'. Send one of: public, internal, confidential.")]
    [InlineData("""{"tags":["a",2]}""", "'sommelier.tags[1]' must be a string, not a number.")]
    [InlineData("""{"strict":"yes"}""", "'sommelier.strict' must be true or false, not a string.")]
    [InlineData("""{"cache":"yes"}""", "'sommelier.cache' must be true, false or an object with 'ttl', not a string.")]
    [InlineData("""{"cache":{"tll":"1m"}}""", "'sommelier.cache.tll' is not known. Known: ttl.")]
    [InlineData("""{"cache":{"ttl":60}}""", "'sommelier.cache.ttl' must be a string, not a number.")]
    [InlineData("""{"cache":{"ttl":"60"}}""", "'sommelier.cache.ttl' must be a duration like 30s, 10m or 2h, of 1s to 30d.")]
    [InlineData("""{"cache":{"ttl":"1m","ttl":"2m"}}""", "'sommelier.cache.ttl' is given twice. Send it once.")]
    [InlineData("""{"on_break":"retry"}""", "'sommelier.on_break' is 'retry'. Send one of: error, continue, restart.")]
    [InlineData("""{"session":"\ud800"}""", "'sommelier.session' holds half of a surrogate pair (\\ud800 to \\udfff alone). Send whole characters.")]
    public void Refuses_what_it_does_not_understand(string json, string message)
    {
        var error = Assert.Throws<WireException>(() => Read(json));
        Assert.Equal(message, error.Error.Message);
        Assert.Equal(400, error.Error.Status);
    }

    private static CallerHints? Read(string json)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json), JsonLimits.Reader);
        reader.Read();
        return CallerHintsReader.Read(ref reader);
    }
}

using System.Text;
using System.Text.Json;
using CsCheck;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Tests.Wire.Json;

public sealed class TextTests
{
    [Fact]
    public void Unescapes_like_the_framework()
    {
        Gen.String.Sample(text =>
        {
            var raw = JsonSerializer.SerializeToUtf8Bytes(text).AsSpan(1..^1);
            var expected = JsonSerializer.Deserialize<string>(JsonSerializer.SerializeToUtf8Bytes(text))!;
            var target = new char[raw.Length];
            var written = JsonText.Unescape(raw, target, out var used);
            return used == raw.Length && new string(target, 0, written) == expected;
        });
    }

    [Fact]
    public void Keeps_half_of_a_surrogate_pair_from_an_upstream()
    {
        var reader = new Utf8JsonReader("\"a\\ud83d\""u8);
        reader.Read();
        Assert.Equal("a\ud83d", JsonText.Tolerant(ref reader));
    }

    [Theory]
    [InlineData("hello")]
    [InlineData("한국어 텍스트와 English, 그리고 さらに 日本語。 a longer line so that vectors are used")]
    [InlineData("line\nbreak \"quoted\" \\ tab\t 😀 end")]
    public void Counts_bytes_of_text_and_those_outside_ascii_whatever_the_escaping(string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        foreach (var json in new[] { JsonSerializer.Serialize(text), JsonSerializer.Serialize(text, Relaxed) })
        {
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
            reader.Read();
            var count = default(TextCount);
            count.Add(ref reader);
            Assert.Equal(utf8.Length, count.Bytes);
            Assert.Equal(utf8.Count(value => value >= 0x80), count.NonAscii);
        }
    }

    [Fact]
    public void Cuts_long_text_to_its_head_and_its_tail()
    {
        Gen.Select(Gen.String[Gen.Char.AlphaNumeric, 0, 9000], Gen.Int[0, 3], Gen.Bool).Sample((seed, kind, escaped) =>
        {
            var text = kind switch { 0 => seed, 1 => seed.Replace('a', '\n'), 2 => seed.Replace('b', '한'), _ => seed.Replace('c', '"').Replace('d', '\\') };
            var raw = JsonSerializer.SerializeToUtf8Bytes(text, escaped ? null : Relaxed).AsSpan(1..^1);
            var cut = default(CutText);
            cut.Add(raw);
            var expected = text.Length <= ConversationTail.MaxCharacters ? text : string.Concat(text.AsSpan(0, 3000), text.AsSpan(text.Length - 1000));
            return cut.Take() == expected;
        });
    }

    [Fact]
    public void Joins_pieces_by_line_feeds_and_keeps_the_end_of_the_last()
    {
        var cut = default(CutText);
        cut.Add("one"u8);
        cut.Add("two"u8);
        Assert.Equal("one\ntwo", cut.Take());

        cut.Add(Encoding.UTF8.GetBytes(new string('a', 5000)));
        cut.Add("the end"u8);
        var text = cut.Take();
        Assert.Equal(4000, text.Length);
        Assert.EndsWith("a\nthe end", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Hash_is_stable_and_tells_pieces_apart()
    {
        var one = default(StableHash);
        one.Add("ab"u8);
        one.Add("c"u8);
        var two = default(StableHash);
        two.Add("a"u8);
        two.Add("bc"u8);
        Assert.NotEqual(one.Value, two.Value);
        var seen = new HashSet<ulong>();
        for (var i = 0; i < 20_000; i++)
        {
            var hash = default(StableHash);
            hash.Add(Encoding.UTF8.GetBytes($"conversation {i}"));
            Assert.True(seen.Add(hash.Value));
        }

        // Long texts, and each of their bytes.
        var text = Encoding.UTF8.GetBytes(new string('a', 200));
        for (var i = 0; i < text.Length; i++)
        {
            text[i]++;
            var hash = default(StableHash);
            hash.Add(text);
            Assert.True(seen.Add(hash.Value));
            text[i]--;
        }
    }

    [Fact]
    public void A_single_text_is_joined_to_itself_and_several_to_one()
    {
        var joined = default(JoinedText);
        joined.Add(null);
        Assert.Null(joined.Text);
        joined.Add("", ", ");
        Assert.Equal("", joined.Text);
        var first = new string('a', 3);
        joined.Add(first, ", ");
        Assert.Same(first, joined.Text);
        joined.Add("b", ", ");
        joined.Add("c");
        Assert.Equal("aaa, bc", joined.Text);
    }

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}

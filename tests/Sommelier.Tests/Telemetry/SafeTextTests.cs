using Sommelier.Telemetry;

namespace Sommelier.Tests.Telemetry;

public sealed class SafeTextTests
{
    [Theory]
    [InlineData("Incorrect API key provided: sk-proj-abcDEF123456. Find yours at the console.", "sk-proj")]
    [InlineData("Incorrect API key provided: sk-ab************wxyz.", "wxyz")]
    [InlineData("invalid x-api-key sk-ant-api03-AbC_123-xyz", "sk-ant")]
    [InlineData("API key not valid: AIzaSyA1234567890abcdefghijklmnopqrstuv", "AIza")]
    [InlineData("Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln is expired", "eyJ")]
    [InlineData("token gsk_a1B2c3D4e5 refused", "gsk_a")]
    [InlineData("key Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5 refused", "Zm9v")]
    [InlineData("key 0123456789abcdef0123456789abcdef refused", "0123456789")]
    public void Masks_what_looks_like_a_key(string text, string secret)
    {
        var safe = SafeText.Of(text);

        Assert.DoesNotContain(secret, safe, StringComparison.Ordinal);
        Assert.Contains("[masked]", safe, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("The model claude-opus-4-5-20251101 is overloaded")]
    [InlineData("Rate limit reached for gpt-6-luna in organization on requests per min: limit 500, used 500.")]
    [InlineData("connect ECONNREFUSED 127.0.0.1:11434")]
    [InlineData("模型不存在")]
    public void Leaves_ordinary_words(string text) => Assert.Equal(text, SafeText.Of(text));

    [Fact]
    public void Is_one_bounded_line()
    {
        var safe = SafeText.Of("first\r\nINFO forged line\u001b[31m\u2028" + string.Concat(Enumerable.Repeat("word ", 500)));

        Assert.DoesNotContain(safe, char.IsControl);
        Assert.Equal(SafeText.MaxLength + 1, safe.Length);
        Assert.EndsWith("…", safe, StringComparison.Ordinal);
        Assert.Equal("", SafeText.Of(null));
    }
}

using Sommelier.Catalog;

namespace Sommelier.Tests.Catalog;

public sealed class CanonicalNameTests
{
    [Theory]
    [InlineData("us.anthropic.claude-opus-4-6-v1:0", "claude-opus-4-6")]
    [InlineData("anthropic/claude-opus-4.6", "claude-opus-4-6")]
    [InlineData("claude-opus-4-6@default", "claude-opus-4-6")]
    [InlineData("@cf/openai/gpt-oss-120b", "gpt-oss-120b")]
    [InlineData("gpt-oss:120b", "gpt-oss-120b")]
    [InlineData("Qwen/Qwen3.8-27B-FP8", "qwen3.8-27b")]
    [InlineData("meta-llama/Llama-3.3-70B-Instruct", "llama-3.3-70b-instruct")]
    [InlineData("zai-org/glm-5-maas", "glm-5")]
    public void One_model_has_one_key_at_every_host(string spelled, string canonical) =>
        Assert.Equal(CanonicalName.Key(canonical), CanonicalName.Key(spelled));

    [Theory]
    [InlineData("llama3.3:70b-instruct-q4_K_M", "llama-3.3-70b-instruct")]
    [InlineData("qwen3.8:27b", "qwen3.8-27b")]
    [InlineData("gpt-oss:20b-cloud", "gpt-oss-20b-cloud")]
    public void Local_servers_write_more_loosely(string spelled, string canonical) =>
        Assert.Equal(CanonicalName.LooseKey(canonical), CanonicalName.LooseKey(spelled));

    [Theory]
    [InlineData("gpt-5", "gpt-5-mini")]
    [InlineData("gpt-4o-2024-08-06", "gpt-4o")]
    [InlineData("gpt-oss-20b", "gpt-oss-120b")]
    [InlineData("deepseek-v3.2", "deepseek-v3.2-exp")]
    public void Other_models_have_other_keys(string one, string other) =>
        Assert.NotEqual(CanonicalName.LooseKey(one), CanonicalName.LooseKey(other));
}

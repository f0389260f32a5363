using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Providers;
using Sommelier.Wire;

namespace Sommelier.Tests.Providers;

/// <summary>What a request must not contain at each provider, as their SDKs and documentation say.</summary>
public sealed class ProviderQuirksTests
{
    [Theory]
    [InlineData("openai", "max_completion_tokens")]
    [InlineData("xai", "max_completion_tokens")]
    [InlineData("cerebras", "max_completion_tokens")]
    [InlineData("groq", "max_completion_tokens")]
    [InlineData("deepseek", "max_tokens")]
    [InlineData("together", "max_tokens")]
    [InlineData("mistral", "max_tokens")]
    [InlineData("ollama", "max_tokens")]
    [InlineData("openai-compatible", "max_tokens")]
    public void The_output_limit_has_the_name_that_the_provider_knows(string provider, string field) =>
        Assert.Equal(field, Quirks(provider, "m").MaxTokensField);

    /// <summary>"Logprobs is not enabled for models/gemini-2.5-pro".</summary>
    [Theory]
    [InlineData("gemini", "gemini-2.0-flash", true)]
    [InlineData("gemini", "gemini-2.5-pro", false)]
    [InlineData("gemini", "my-tuned-model", true)]
    [InlineData("vertex", "gemini-2.5-pro", true)]
    [InlineData("vertex", "gemini-3.5-flash", false)]
    public void Gemini_models_that_refuse_to_tell_log_probabilities_are_not_asked(string provider, string model, bool asked) =>
        Assert.Equal(!asked, ProviderRegistry.Find(provider)!.Quirks(Known(model), "gemini").Unsupported.Contains("responseLogprobs"));

    [Theory]
    [InlineData("openai", "gpt-6", true)]
    [InlineData("openrouter", "openai/gpt-6", true)]
    [InlineData("openrouter", "anthropic/claude-opus-5-5", true)]
    [InlineData("openrouter", "qwen/qwen3", false)]
    [InlineData("groq", "openai/gpt-oss-20b", false)]
    [InlineData("mistral", "mistral-small-latest", false)]
    public void The_developer_role_is_only_for_those_who_know_it(string provider, string model, bool known) =>
        Assert.Equal(known, Quirks(provider, model).DeveloperRole);

    [Theory]
    [InlineData("xai", "stop")]
    [InlineData("xai", "presence_penalty")]
    [InlineData("deepseek", "seed")]
    [InlineData("groq", "logit_bias")]
    [InlineData("cerebras", "frequency_penalty")]
    [InlineData("ollama", "logprobs")]
    [InlineData("openai-compatible", "store")]
    public void Refused_parameters_are_listed(string provider, string field) =>
        Assert.Contains(field, Quirks(provider, "m").Unsupported.Items);

    [Fact]
    public void Mistral_has_its_own_words()
    {
        var quirks = Quirks("mistral", "mistral-small-latest");
        Assert.Equal("random_seed", quirks.Renamed["seed"]);
        Assert.Equal("any", quirks.ToolChoiceRequired);
        Assert.False(quirks.ToolChoiceNamed);
        Assert.Equal(9, quirks.ToolCallIdLength);
        Assert.Equal(StreamUsageRule.Always, quirks.StreamUsage);
    }

    [Theory]
    [InlineData("deepseek-v4-pro", true)]
    [InlineData("deepseek-reasoner", false)]
    public void Deepseek_wants_its_thinking_back_from_v4_on(string model, bool required)
    {
        var quirks = Quirks("deepseek", model);
        Assert.Equal(required, quirks.ReasoningReplayRequired);
        Assert.Equal(required ? "reasoning_content" : null, quirks.ReasoningReplayField);
        Assert.Equal(JsonSchemaSupport.JsonObjectOnly, quirks.JsonSchema);
    }

    [Fact]
    public void A_model_that_samples_for_itself_gets_no_temperature()
    {
        Assert.Contains("temperature", Quirks("openai", Known("gpt-6")).Unsupported.Items);
        Assert.DoesNotContain("stop", Quirks("openai", Known("gpt-6")).Unsupported.Items);
        Assert.Contains("stop", Quirks("openai", Known("o3")).Unsupported.Items);
        Assert.Equal(["top_k"], Quirks("openai", Known("gpt-4.1", Capabilities.Temperature)).Unsupported);
        Assert.Contains("top_k", Quirks("anthropic", Known("claude-opus-5-5")).Unsupported.Items);
        Assert.Empty(Quirks("anthropic", Known("claude-haiku-4-5", Capabilities.Temperature)).Unsupported);
    }

    [Fact]
    public void Of_a_model_that_only_the_configuration_names_nothing_is_taken_away()
    {
        Assert.Equal(["top_k"], Quirks("openai", "new-model").Unsupported);
        Assert.Equal(ReasoningKnob.ReasoningEffort, Quirks("openai", "new-model").Reasoning);
        Assert.Empty(Quirks("anthropic", "new-model").Unsupported);
    }

    [Theory]
    [InlineData("openai-compatible")]
    [InlineData("openai")]
    [InlineData("anthropic")]
    [InlineData("bedrock")]
    public void A_schema_is_believed_of_who_is_known_to_keep_to_it_and_emulated_for_who_is_known_not_to(string provider)
    {
        Assert.Equal(JsonSchemaSupport.Unsure, Quirks(provider, "new-model").JsonSchema);
        Assert.Equal(JsonSchemaSupport.Native, Quirks(provider, Known("m", Capabilities.JsonSchema)).JsonSchema);
        Assert.Equal(JsonSchemaSupport.JsonObjectOnly, Quirks(provider, Known("m", Capabilities.JsonObject)).JsonSchema);
        Assert.Equal(JsonSchemaSupport.None, Quirks(provider, Known("m", Capabilities.Tools)).JsonSchema);

        // What the configuration lists is as good as the catalog; a server's list of models is not.
        var told = Known("m", Capabilities.Tools) with { Sources = ["configuration"] };
        Assert.Equal(JsonSchemaSupport.Unsure, Quirks(provider, told).JsonSchema);
        Assert.Equal(JsonSchemaSupport.None, Quirks(provider, told with { CapabilitiesGiven = true }).JsonSchema);
        Assert.Equal(JsonSchemaSupport.Unsure, Quirks(provider, told with { Sources = [ModelFacts.ServersList] }).JsonSchema);
    }

    [Theory]
    [InlineData("gemini")]
    [InlineData("ollama")]
    public void Where_the_format_has_nothing_but_its_own_field_an_unknown_model_is_asked_in_it_and_checked(string provider)
    {
        var endpoint = ProviderRegistry.Find(provider)!;
        Assert.Equal(JsonSchemaSupport.Unsure, endpoint.Quirks(Known("m"), provider).JsonSchema);
        Assert.Equal(JsonSchemaSupport.Native, endpoint.Quirks(Known("m", Capabilities.JsonSchema), provider).JsonSchema);
    }

    [Fact]
    public void Anthropics_models_think_by_budget_or_by_effort()
    {
        var byBudget = Known("claude-haiku-4-5", Capabilities.Reasoning) with { Reasoning = new() { Budget = true } };
        var byEffort = Known("claude-opus-5-5", Capabilities.Reasoning) with { Reasoning = new() { Efforts = ["low", "medium", "high", "xhigh", "max"] } };

        Assert.Equal(ReasoningKnob.ThinkingBudget, Quirks("anthropic", byBudget).Reasoning);
        Assert.Equal(ReasoningKnob.OutputEffort, Quirks("anthropic", byEffort).Reasoning);
        Assert.Equal(
            [ReasoningEffort.Low, ReasoningEffort.Medium, ReasoningEffort.High, ReasoningEffort.XHigh, ReasoningEffort.Max],
            Quirks("anthropic", byEffort).Efforts);
        Assert.Equal(ReasoningKnob.None, Quirks("anthropic", Known("claude-old")).Reasoning);
    }

    [Fact]
    public void A_vendors_own_effort_word_is_left_out() =>
        Assert.Equal(
            [ReasoningEffort.None],
            Quirks("groq", Known("qwen", Capabilities.Reasoning) with { Reasoning = new() { Efforts = ["none", "default"] } }).Efforts);

    [Fact]
    public void The_grok_pair_that_refuses_every_effort_gets_none()
    {
        Assert.Equal(ReasoningKnob.None, Quirks("xai", Known("grok-4.20-0309-reasoning", Capabilities.Reasoning)).Reasoning);
        Assert.True(Quirks("xai", "grok-4.7").ReasoningOutsideOutput);
    }

    private static Deployment Known(string model, Capabilities capabilities = Capabilities.None) => new()
    {
        Id = $"x/{model}",
        Provider = "x",
        Model = model,
        CanonicalModel = model,
        Capabilities = capabilities,
        Sources = ["models.dev 2026-09-30"],
    };

    private static WireQuirks Quirks(string provider, string model) => Quirks(provider, Known(model) with { Sources = [] });

    private static WireQuirks Quirks(string provider, Deployment deployment)
    {
        var found = ProviderRegistry.Find(provider)!;
        return found.Quirks(deployment, found.Endpoints.Select(endpoint => endpoint.Format).OrderBy(format => format == "ollama").First());
    }
}

using Sommelier.Canonical;
using Sommelier.Ledger;
using Sommelier.Replay;
using Sommelier.Routing;
using Sommelier.Tests.Routing;

namespace Sommelier.Tests.Replay;

/// <summary>One request under another policy: what is exact, what is estimated by which price, and of what nothing can be said.</summary>
public sealed class CounterfactualTests
{
    private const string Catalog = "\n\na/big price=3/15 q=0.9x20\nb/small price=1/2 q=0.9x20\nc/unpriced q=0.9x20\n";

    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_same_model_costs_what_it_cost()
    {
        var one = Counterfactual.Of(Entry("a/big", Call("a/big", 777)), "a/big", Decide("a/big, b/small"));

        Assert.Equal(new(ReplayCertainty.Exact, 777, 777, "a/big", "a/big"), one);
    }

    [Fact]
    public void Another_model_costs_the_same_tokens_at_its_price_and_no_cache()
    {
        var one = Counterfactual.Of(Entry("a/big", Call("a/big", 777)), "a/big", Decide("b/small, a/big"));

        // 1000 in at 1 USD per million, 100 out at 2, reasoning among them; the 400 cached ones at the full price.
        Assert.Equal(new(ReplayCertainty.Estimated, 777, (1_000 * 1_000) + (100 * 2_000), "a/big", "b/small"), one);
    }

    [Fact]
    public void Who_failed_would_have_failed_for_both_and_is_paid_by_both()
    {
        var entry = Entry("b/small", Call("a/big", 50, AttemptOutcome.Failed), Call("b/small", 300));

        var same = Counterfactual.Of(entry, "a/big", Decide("a/big, b/small"));
        var direct = Counterfactual.Of(entry, "a/big", Decide("b/small, a/big"));
        var third = Counterfactual.Of(entry with { DeploymentId = "c/unpriced" }, "a/big", Decide("a/big, b/small", "b/small"));

        Assert.Equal(new(ReplayCertainty.Exact, 350, 350, "b/small", "b/small"), same);
        Assert.Equal(new(ReplayCertainty.Exact, 350, 300, "b/small", "b/small"), direct);
        Assert.Equal(UndecidedReason.NoAnswer, third.Why);
    }

    [Fact]
    public void What_a_cascade_rejected_is_the_answer_of_a_policy_that_asks_that_model_and_its_checks_cost_nobody_else()
    {
        var entry = Entry("a/big", Call("b/small", 30, AttemptOutcome.Rejected), Call("c/unpriced", 7) with { Purpose = AttemptPurpose.Judge }, Call("a/big", 500)) with { Reason = "escalated_judge" };

        Assert.Equal(new(ReplayCertainty.Exact, 537, 500, "a/big", "a/big"), Counterfactual.Of(entry, "a/big", Decide("a/big, b/small")));
        Assert.Equal(new(ReplayCertainty.Estimated, 537, 30, "a/big", "b/small"), Counterfactual.Of(entry, "a/big", Decide("b/small, a/big")));
    }

    [Theory]
    [InlineData(AttemptOutcome.Failed, "escalated_schema")]
    [InlineData(AttemptOutcome.Superseded, "escalated_late")]
    public void A_cheap_model_of_a_cascade_that_missed_the_form_or_was_late_is_paid_by_no_policy_that_does_not_ask_it(AttemptOutcome outcome, string reason)
    {
        var entry = Entry("a/big", Call("b/small", 30, outcome), Call("a/big", 500)) with { Reason = reason };

        Assert.Equal(new(ReplayCertainty.Exact, 530, 500, "a/big", "a/big"), Counterfactual.Of(entry, "a/big", Decide("a/big, b/small")));
    }

    [Fact]
    public void Whether_an_answer_would_have_passed_a_cascade_is_not_known_but_of_the_logged_one()
    {
        var query = RouteCase.Parse("policy.order a/big\npolicy.cascade b/small" + Catalog).Query;
        var decision = ModelRouter.Decide(query);
        var entry = Entry("b/small", Call("b/small", 30)) with { Reason = "cascade" };

        Assert.Null(decision.Cascade!.Declined);
        Assert.Equal(UndecidedReason.Cascade, Counterfactual.Of(entry, "a/big", decision).Why);
        Assert.Equal(30, Counterfactual.Of(entry with { PolicyVersion = decision.Query.Policy.Version }, "a/big", decision).Replayed);
    }

    [Fact]
    public void A_hedge_that_lost_is_paid_where_it_would_have_run_too()
    {
        var entry = Entry("a/big", Call("a/big", 500), Call("b/small", 20, AttemptOutcome.Superseded));

        Assert.Equal(520, Counterfactual.Of(entry, "a/big", Decide("a/big, b/small")).Replayed);
    }

    [Fact]
    public void What_two_models_wrote_together_is_one_question_and_one_answer()
    {
        var entry = Entry("b/small", Call("a/big", 500, AttemptOutcome.Broken), Call("b/small", 300));
        var query = RouteCase.Parse("policy.order d/third" + Catalog + "d/third price=10/10 q=0.9x20\n").Query;

        Assert.Equal((1_000 + 200) * 10_000, Counterfactual.Of(entry, "a/big", ModelRouter.Decide(query)).Replayed);
    }

    [Fact]
    public void Of_what_nobody_answered_the_same_failure_is_all_that_can_be_said()
    {
        var failed = Entry("a/big", Call("a/big", 50, AttemptOutcome.Failed)) with { Outcome = LedgerOutcome.Failed, Reason = null };

        Assert.Equal(new(ReplayCertainty.Exact, 50, 50, null, null), Counterfactual.Of(failed, "a/big", Decide("a/big, b/small")));
        Assert.Equal(UndecidedReason.NoAnswer, Counterfactual.Of(failed, "a/big", Decide("b/small, a/big")).Why);
        Assert.Equal(UndecidedReason.NoAnswer, Counterfactual.Of(failed with { Outcome = LedgerOutcome.Canceled }, "a/big", Decide("b/small, a/big")).Why);
    }

    [Fact]
    public void A_stored_answer_a_missing_price_and_a_refusal_are_told()
    {
        var stored = Entry("a/big");

        Assert.Equal(0, Counterfactual.Of(stored, "a/big", Decide("a/big")).Replayed);
        Assert.Equal(UndecidedReason.StoredAnswer, Counterfactual.Of(stored, "a/big", Decide("b/small")).Why);
        Assert.Equal(UndecidedReason.NoPrice, Counterfactual.Of(Entry("a/big", Call("a/big", 777)), "a/big", Decide("c/unpriced")).Why);
        Assert.Equal(UndecidedReason.Refused, Counterfactual.Of(Entry("a/big", Call("a/big", 777)), "a/big", Decide("a/big", "nobody/known")).Why);
    }

    private static RouteDecision Decide(string order, string? only = null)
    {
        var decision = ModelRouter.Decide(RouteCase.Parse($"policy.order {order}{(only is null ? "" : $"\npolicy.only a/big, {only}")}" + Catalog).Query);
        return only is "nobody/known"
            ? ModelRouter.Decide(decision.Query with { Policy = decision.Query.Policy with { Only = [only] } })
            : only is null ? decision : ModelRouter.Decide(decision.Query with { Policy = decision.Query.Policy with { AllowFallback = false } });
    }

    private static LedgerEntry Entry(string answered, params Attempt[] attempts) => new()
    {
        RequestId = RequestId.Format(Noon.ToUnixTimeMilliseconds(), 0, 1),
        StartedAt = Noon,
        InboundFormat = "openai-chat",
        Endpoint = "/v1/chat/completions",
        OriginalModel = "auto",
        DeploymentId = answered,
        Reason = "order",
        Outcome = LedgerOutcome.Succeeded,
        Attempts = attempts,
    };

    private static Attempt Call(string deployment, long cost, AttemptOutcome outcome = AttemptOutcome.Succeeded) => new()
    {
        Number = 1,
        DeploymentId = deployment,
        RequestModel = deployment,
        StartedAt = Noon,
        Outcome = outcome,
        OutputCommitted = outcome is AttemptOutcome.Succeeded or AttemptOutcome.Broken,
        Usage = new Usage { InputTokens = 1_000, CacheReadInputTokens = 400, OutputTokens = 100, ReasoningOutputTokens = 40 },
        CostNanoUsd = cost,
    };
}

namespace Sommelier.Routing;

/// <summary>When a policy's rule holds: a short text over a request's signals, its tags and its caller, read and checked once.</summary>
/// <example><c>intent in [coding, math] and input_tokens > 20k and not (tags has batch or caller.team == research)</c></example>
/// <remarks>
/// The language is in docs/routing.md. It has no loops and no functions: a condition takes time in proportion to its length.
/// What is not known of a request (a caller without a team) equals nothing and is less than nothing.
/// </remarks>
public sealed class Condition
{
    /// <summary>The most letters of a condition.</summary>
    public const int MaxLength = 4_000;

    private readonly ConditionNode root;

    private Condition(string text, ConditionNode root)
    {
        Text = text;
        this.root = root;
    }

    /// <summary>As it was written.</summary>
    public string Text { get; }

    /// <summary>Reads a condition and checks its types.</summary>
    /// <returns>False, with the first mistake, when it is none.</returns>
    public static bool TryParse(string text, out Condition? condition, out ConditionError? error)
    {
        ArgumentNullException.ThrowIfNull(text);
        try
        {
            condition = new(text, new ConditionParser(text).Parse());
            error = null;
            return true;
        }
        catch (ConditionException mistake)
        {
            condition = null;
            error = mistake.Error;
            return false;
        }
    }

    /// <summary>Reads a condition that was checked before, for example in a decision record.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static Condition Parse(string text) =>
        TryParse(text, out var condition, out var error) ? condition! : throw new FormatException($"'{text}' is no condition: {error}");

    /// <summary>Whether it holds for a request.</summary>
    public bool Holds(ConditionInput input) => root.Holds(input);

    /// <inheritdoc/>
    public override string ToString() => Text;
}

namespace Sommelier.Evals.Instructions;

/// <summary>One instruction with its arguments.</summary>
/// <param name="Id">Its kind.</param>
/// <param name="IsFollowed">Whether a text follows it.</param>
internal sealed record Instruction(string Id, Func<string, bool> IsFollowed);

namespace Sommelier.Training;

/// <summary>The features of one text of a row, and how much that text counts: a turn's share, or the system prompt's.</summary>
internal readonly record struct TextPart(int[] Buckets, int[] Signals, float Share);

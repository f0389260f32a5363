namespace Sommelier.Judging.Mathematics;

/// <summary>A part of a mathematical answer.</summary>
internal abstract record MathNode
{
    /// <summary>The parts directly within.</summary>
    public virtual IReadOnlyList<MathNode> Parts => [];

    /// <summary>The same with other parts.</summary>
    public virtual MathNode With(IReadOnlyList<MathNode> parts) => this;
}

/// <summary>A number as it is written.</summary>
internal sealed record MathNumber(Fraction Value) : MathNode;

/// <summary>A variable, or a constant that stands for itself, as infinity does.</summary>
internal sealed record MathVariable(string Name) : MathNode;

/// <summary>An operation or function of <see cref="MathFunctions"/>.</summary>
internal sealed record MathCall(string Name, IReadOnlyList<MathNode> Arguments) : MathNode
{
    /// <summary>Plus or minus: two values.</summary>
    public const string PlusMinus = "±";

    /// <summary>Minus or plus: the other sign of each.</summary>
    public const string MinusPlus = "∓";

    public override IReadOnlyList<MathNode> Parts => Arguments;

    public override MathNode With(IReadOnlyList<MathNode> parts) => new MathCall(Name, parts);
}

/// <summary>Words.</summary>
internal sealed record MathWord(string Text) : MathNode;

/// <summary>Several parts between brackets, or none: see <see cref="MathGroupKind"/>.</summary>
/// <param name="Kind">What they are together.</param>
/// <param name="Items">The parts.</param>
/// <param name="Brackets">Both brackets of an ordered group; relations' signs; else empty.</param>
internal sealed record MathGroup(MathGroupKind Kind, IReadOnlyList<MathNode> Items, string Brackets = "") : MathNode
{
    public override IReadOnlyList<MathNode> Parts => Items;

    public override MathNode With(IReadOnlyList<MathNode> parts) => this with { Items = parts };
}

/// <summary>What several parts are together.</summary>
internal enum MathGroupKind
{
    /// <summary>Pairs, points, intervals: their order counts, and their brackets.</summary>
    Ordered,

    /// <summary>Sets, and solutions with commas between them: their order does not count.</summary>
    Unordered,

    /// <summary>Sets with unions between them.</summary>
    Union,

    /// <summary>Sides with <c>=</c>, <c>&lt;</c>, <c>≤</c> between them.</summary>
    Relation,

    /// <summary>Rows of a matrix, each an ordered group.</summary>
    Matrix,
}

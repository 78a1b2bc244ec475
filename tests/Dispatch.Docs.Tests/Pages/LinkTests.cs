namespace TrafficDispatch.Docs.Tests.Pages;

/// <summary>Nobody who reads is sent nowhere, and no page is there that nobody finds.</summary>
public sealed class LinkTests
{
    private static readonly Dictionary<string, MarkdownPage> ByPath = MarkdownPage.All.ToDictionary(static p => p.Path, StringComparer.Ordinal);

    [Fact]
    public void Links_OfEveryPage_LeadSomewhere()
    {
        List<string> astray = [];
        foreach (MarkdownPage page in MarkdownPage.All)
        {
            foreach ((string link, string target, string anchor) in page.Links)
            {
                string file = PageOf(target);
                if (!File.Exists(file) && !Directory.Exists(file)) astray.Add($"{page.Name}: {link}: there is no such file");
                else if (anchor.Length > 0 && (!ByPath.TryGetValue(file, out MarkdownPage? there) || !there.Anchors.Contains(anchor))) astray.Add($"{page.Name}: {link}: there is no such heading");
            }
        }
        Assert.Empty(astray);
    }

    [Fact]
    public void Pages_OfTheDocumentation_AreFoundFromItsIndex()
    {
        string docs = Path.Combine(ForeignTool.Root, "docs"), index = Path.Combine(docs, "README.md");
        HashSet<string> found = [index];
        Queue<string> open = new(found);
        while (open.TryDequeue(out string? at))
            foreach ((_, string target, _) in ByPath[at].Links)
                if (PageOf(target) is var page && ByPath.ContainsKey(page) && found.Add(page)) open.Enqueue(page);
        Assert.Empty(MarkdownPage.All.Where(p => p.Path.StartsWith(docs + Path.DirectorySeparatorChar, StringComparison.Ordinal) && !found.Contains(p.Path)).Select(static p => p.Name));
    }

    /// <summary>Where pages of one kind stand in a folder, its index names every one of them.</summary>
    [Theory]
    [InlineData("docs/decisions")]
    [InlineData("docs/runbooks")]
    [InlineData("docs/reference")]
    [InlineData("docs/howto")]
    [InlineData("docs/samples")]
    public void Index_OfAFolder_NamesEveryPage(string folder)
    {
        string path = Path.Combine(ForeignTool.Root, folder);
        HashSet<string> named = [.. ByPath[Path.Combine(path, "README.md")].Links.Select(static l => PageOf(l.Target))];
        string[] pages = folder == "docs/samples"
            ? [.. Directory.GetDirectories(path).Select(PageOf)]
            : [.. Directory.GetFiles(path, "*.md").Where(static f => !f.EndsWith("README.md", StringComparison.Ordinal))];
        Assert.NotEmpty(pages);
        Assert.Empty(pages.Where(p => !named.Contains(p)).Select(p => Path.GetRelativePath(ForeignTool.Root, p)));
    }

    // A folder is its page, where it has one.
    private static string PageOf(string target) =>
        target.TrimEnd(Path.DirectorySeparatorChar) is var path && File.Exists(Path.Combine(path, "README.md")) ? Path.Combine(path, "README.md") : path;
}

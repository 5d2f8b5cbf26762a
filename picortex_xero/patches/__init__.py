"""What brings a site of a former release to this one: named in patches.txt, run by `bench migrate`. Each may be stopped and run again."""

"""Whatever is sent to the API and to the pages, at random: never a fault of ours."""
